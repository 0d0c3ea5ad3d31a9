import Foundation

/// The demo's folder and node processes; nothing of them is left when it is over.
final class DemoNetwork: Sendable {
  let layout: DevnetLayout
  let folder: String

  init() throws(CommandFailure) {
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-demo-\(suffix)").path
    try PrivateFile.createFolder(folder)
    layout = DevnetLayout(folder: folder + "/network")
  }

  var home: HomeFolder { HomeFolder(option: folder + "/home") }
  var strangersHome: HomeFolder { HomeFolder(option: folder + "/stranger") }
  var scratch: String { folder + "/scratch" }

  func removeFiles() {
    try? FileManager.default.removeItem(atPath: folder)
  }
}

/// Stops node processes side by side, whatever happens to the task that asks.
enum NodeShutdown {
  /// - Returns: the exit statuses that are not zero, by node number.
  static func stop(_ nodes: [NodeProcess], grace: Duration = .seconds(10)) async -> [Int: Int32] {
    // A task of its own: the one that asks may be cancelled already, and then every sleep would end at once.
    await Task.detached {
      await withTaskGroup(of: (Int, Int32).self) { group in
        for node in nodes {
          group.addTask { (node.folder.number, await node.stop(grace: grace)) }
        }
        return await group.reduce(into: [:]) { statuses, end in if end.1 != 0 { statuses[end.0] = end.1 } }
      }
    }.value
  }
}
