internal import Actions
internal import Foundation

/// The runtime of actions without a node and without a sandbox: what the machine itself takes to start it.
final class BareDeno: Sendable {
  enum Module: String, CaseIterable, Sendable {
    case empty = ""
    case loadingScripts = "import \"node:vm\";"

    fileprivate var file: String { self == .empty ? "empty.js" : "loading.js" }
  }

  private let folder: URL
  private let runtime = URL(filePath: WorkerSandbox().runtime)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "bare-deno-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for module in Module.allCases {
      try Data(module.rawValue.utf8).write(to: folder.appending(path: module.file))
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// One process, until it has ended by itself.
  func start(_ module: Module) async throws {
    let process = Process()
    process.executableURL = runtime
    process.arguments = [
      "run", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--no-code-cache",
      folder.appending(path: module.file).path,
    ]
    process.environment = ["DENO_DIR": folder.path, "HOME": folder.path, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let (ended, end) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = { end.yield($0.terminationStatus) }
    try process.run()
    for await status in ended {
      guard status == 0 else { throw BenchmarkFailure.action("Deno ended with status \(status)") }
      break
    }
  }
}
