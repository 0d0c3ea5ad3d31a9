import Foundation
import ProtocolTestKit
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A development network of real processes in a folder of its own, used through the command line.
final class ProcessNetwork {
  struct Row {
    let node: String
    let pid: pid_t
    let instance: String
    let links: Int
    let ready: Bool
    let proof: String
  }

  let folder: URL
  let user: QuorateProgram
  let id: String
  /// What must be nowhere in what the nodes leave behind, besides what is read from their vaults.
  var canaries: [Canary] = []
  private(set) var pids: Set<pid_t> = []

  var path: URL { folder.appendingPathComponent("net") }

  /// Runs a network for as long as the body, and then looks for contents and keys in everything it left.
  ///
  /// - Parameter members: what operators add to their node's configuration, as it stands in JSON.
  static func run(
    nodes: Int, configuring members: String? = nil, _ body: (ProcessNetwork) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let user = QuorateProgram(home: folder.appendingPathComponent("user"), folder: folder)
    let founded = try await user.run("devnet", "init", "net", "--nodes", String(nodes))
    let network = ProcessNetwork(folder: folder, user: user, id: try founded.text("network"))
    do {
      if let members { try network.configure(members) }
      try await network.up()
      try await body(network)
      let remains = try await NetworkRemains(of: network)
      _ = try await user.run("devnet", "down", "net")
      #expect(!network.pids.contains(where: isRunning), "a node outlived its network")
      try await remains.search(network)
    } catch {
      _ = try? await user.run("devnet", "down", "net")
      throw error
    }
  }

  private init(folder: URL, user: QuorateProgram, id: String) {
    self.folder = folder
    self.user = user
    self.id = id
  }

  private func configure(_ members: String) throws {
    let nodes = path.appendingPathComponent("nodes")
    for name in try FileManager.default.contentsOfDirectory(atPath: nodes.path) {
      let file = nodes.appendingPathComponent("\(name)/node.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      guard let end = text.lastIndex(of: "}") else { throw ProgramFailure.unexpected(text) }
      try Data("\(text[..<end]),\(members)}".utf8).write(to: file)
    }
  }

  /// Starts the nodes that do not run, and waits until all serve.
  func up() async throws {
    _ = try await user.run("devnet", "up", "net")
    pids.formUnion(try await status().map(\.pid))
  }

  func status() async throws -> [Row] {
    let outcome = try await user.run("devnet", "status", "net")
    return (outcome.result["nodes"] as? [[String: Any]] ?? []).map { row in
      Row(
        node: row["node"] as? String ?? "", pid: pid_t(row["pid"] as? Int ?? 0),
        instance: row["instance"] as? String ?? "", links: row["links"] as? Int ?? 0,
        ready: row["ready"] as? Bool ?? false, proof: row["proof"] as? String ?? "")
    }
  }

  /// Kills a node without warning.
  func kill(_ row: Row) {
    guard pids.contains(row.pid), row.pid > 1 else { return }
    #if canImport(Glibc)
      _ = Glibc.kill(row.pid, SIGKILL)
    #else
      _ = Darwin.kill(row.pid, SIGKILL)
    #endif
  }

  /// The folder of a node.
  func nodeFolder(_ node: String) throws -> URL {
    for number in 1...64 {
      let folder = path.appendingPathComponent("nodes/\(number)")
      let file = folder.appendingPathComponent("node.json")
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { break }
      if text.contains("\"\(node)\"") { return folder }
    }
    throw ProgramFailure.unexpected("no folder of \(node)")
  }

  /// A process that ended and was not collected by whoever adopted it does not run.
  static func isRunning(_ pid: pid_t) -> Bool {
    #if canImport(Glibc)
      guard Glibc.kill(pid, 0) == 0 else { return false }
    #else
      guard Darwin.kill(pid, 0) == 0 else { return false }
    #endif
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
    return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
  }
}
