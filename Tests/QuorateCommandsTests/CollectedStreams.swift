import Foundation
import Synchronization

@testable import QuorateCommands

/// Keeps what a console writes.
final class CollectedStreams: ConsoleStreams {
  private let written = Mutex<[(channel: OutputChannel, text: String)]>([])

  func write(_ text: String, to channel: OutputChannel) {
    written.withLock { $0.append((channel, text)) }
  }

  func text(_ channel: OutputChannel) -> String {
    written.withLock { $0.filter { $0.channel == channel }.map(\.text).joined() }
  }
}

/// A folder of a test's own, removed with it.
final class TestFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-test-\(UUID().uuidString)").path
    try PrivateFile.createFolder(path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
