import Foundation
import Identifiers
import Node
import ProtocolTestKit
import Secrets
import Testing
import Vault

@testable import QuorateCommands

/// Everything nodes have written, shown to their operators or to other processes of the machine.
struct NetworkRemains {
  private var shown: [(place: String, bytes: [UInt8])] = []
  private let configurations: [(folder: URL, configuration: NodeConfiguration)]

  /// The sealing key of a development network lies beside the vault by design; that it lies nowhere else is looked for.
  private static let sealingKey = "sealing.key"

  /// While the nodes still run: what their operators' ports and the machine's process list say.
  init(of network: ProcessNetwork) async throws {
    var configurations: [(URL, NodeConfiguration)] = []
    for row in try await network.status() {
      let folder = try network.nodeFolder(row.node)
      let bytes = try Data(contentsOf: folder.appendingPathComponent("node.json"))
      let configuration = try NodeConfiguration(decoding: Array(bytes))
      configurations.append((folder, configuration))
      let port = try #require(UInt16(exactly: configuration.adminAddress.port))
      for path in ["metrics", "status", "health/ready"] {
        let answer = try #require(await LoopbackHTTP.get(port: port, path: "/" + path))
        shown.append(("\(path) of \(row.node)", answer.body))
      }
      for file in ["cmdline", "environ", "maps"] {
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(row.pid)/\(file)")) else { continue }
        shown.append(("\(file) of \(row.node)", Array(bytes)))
      }
    }
    self.configurations = configurations
  }

  /// When all have ended.
  func search(_ network: ProcessNetwork) async throws {
    var places = shown
    let files = FileManager.default.enumerator(at: network.path, includingPropertiesForKeys: [.isRegularFileKey])
    while let file = files?.nextObject() as? URL {
      guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
      // The stakers' wallets are kept here for the operators' convenience; they are searched for everywhere else.
      guard file.lastPathComponent != Self.sealingKey, file.pathExtension != "wallet" else { continue }
      let name = file.path.replacingOccurrences(of: network.path.path, with: "")
      places.append((name, Array(try Data(contentsOf: file))))
    }
    let logs = places.filter { $0.place.hasSuffix("node.log") }
    #expect(logs.count == configurations.count)
    #expect(logs.allSatisfy { $0.bytes.count > 1_000 }, "the nodes logged nothing")
    #expect(places.count { $0.place.hasPrefix("metrics") && $0.bytes.count > 1_000 } == configurations.count)
    #expect(places.count { $0.place.hasSuffix("vault.sqlite") } == configurations.count)

    let canaries = try await network.canaries + keys() + wallets(network)
    let scanner = CanaryScanner(canaries)
    for (place, bytes) in places {
      for finding in scanner.findings(in: bytes) {
        Issue.record("\(finding.canary) is in \(place), as \(finding.spelling)")
      }
    }
    // The search reads what it is given: the same places with one canary in them.
    let planted = try #require(canaries.first)
    for (place, bytes) in places {
      #expect(!scanner.findings(in: bytes + planted.bytes).isEmpty, "\(place) is not searched")
    }
  }

  /// The secrets of every vault, opened with its sealing key.
  private func keys() async throws -> [Canary] {
    var canaries: [Canary] = []
    for (folder, configuration) in configurations {
      let name = folder.lastPathComponent
      let sealing = DevelopmentKeyFile(path: configuration.sealingKeyPath)
      let vault = try Vault(
        .file(path: configuration.vaultPath),
        owner: VaultOwner(network: configuration.network, node: configuration.node), sealing: sealing)
      guard let seed = try await vault.identitySeed(), let shares = try await vault.activeShares(epoch: 1) else {
        throw ProgramFailure.unexpected("node \(name) has no keys")
      }
      await vault.close()
      canaries.append(Canary("the sealing key of node \(name)", Self.copy(try sealing.sealingKey())))
      canaries.append(Canary("the identity seed of node \(name)", Self.copy(seed)))
      // u8 kind ‖ u16 party ‖ lp(certificate) ‖ 32 bytes for every share.
      var reader = ByteReader(Self.copy(shares))
      _ = try (reader.u8(), reader.u16(), reader.lp(limit: 1 << 20))
      var count = 0
      while let share = try? reader.raw(32) {
        count += 1
        canaries.append(Canary("share \(count) of node \(name)", share))
      }
      try reader.finish()
      #expect(count > 5)
    }
    return canaries
  }

  /// Wallet keys of stakers and users, and seeds of sessions: hex lines of their own in files that say so.
  private func wallets(_ network: ProcessNetwork) throws -> [Canary] {
    var canaries: [Canary] = []
    let files = FileManager.default.enumerator(at: network.folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.count > 1, ["quorate-wallet-v1", "quorate-session-v1"].contains(lines[0]) else { continue }
      canaries.append(Canary("\(lines[0]) in \(file.lastPathComponent)", try Hex.decode(lines[1].utf8)))
    }
    #expect(canaries.count > configurations.count, "the user's wallet was not read")
    return canaries
  }

  private static func copy(_ secret: borrowing SecretBytes) -> [UInt8] {
    unsafe secret.withUnsafeBytes { unsafe Array($0) }
  }
}
