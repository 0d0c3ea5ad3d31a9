import Foundation
import Testing

/// A development network whose registry is on a chain, with the program as operators and users run it.
@Suite(.enabled(if: CompiledContracts.arePresent, "the compiled contracts are not there: scripts/setup-contracts"))
struct ChainNetworkTests {
  private let program: QuorateProgram
  private let folder: URL
  private let net: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chain-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    net = folder.appending(path: "net").path
    program = QuorateProgram(home: folder.appending(path: "home"), folder: folder)
  }

  private func code(_ outcome: QuorateProgram.Outcome) -> String? {
    (outcome.result["error"] as? [String: Any])?["code"] as? String
  }

  /// Repeated until nodes have read what the command line has read.
  private func sign(_ wallet: String) async throws {
    for _ in 0..<20 {
      if (try? await program.run("sign", "--key", "mine", "--wallet", wallet, "--message", "a")) != nil { return }
      try await Task.sleep(for: .milliseconds(500))
    }
    _ = try await program.run("sign", "--key", "mine", "--wallet", wallet, "--message", "a")
  }

  private func staker(_ number: Int) -> String { "\(net)/stakers/\(number).wallet" }

  @Test(.timeLimit(.minutes(5)))
  func `operators and users of a network on a chain get through its whole life`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await program.run("devnet", "up", "--chain", net, "--nodes", "3")
    do {
      try await use()
      try await operate()
    } catch {
      _ = try? await program.run("devnet", "down", net)
      throw error
    }
    _ = try await program.run("devnet", "down", net)
    #expect(code(try await program.run("network", "show", expecting: 69)) == "network_unavailable")
    #expect(code(try await program.run("devnet", "up", "--chain", net, expecting: 69)) == "network_unavailable")
  }

  private func use() async throws {
    let owner = try await program.run("wallet", "create").text("address")
    let other = try await program.run("wallet", "create", "--name", "other").text("address")
    let poor = try await program.run("key", "create", "--scheme", "ed25519", "--yes", expecting: 77)
    #expect(code(poor) == "refused")
    for wallet in [owner, other] { _ = try await program.run("devnet", "fund", net, wallet) }
    let key = try await program.run("key", "create", "--scheme", "ed25519", "--name", "mine", "--yes").text("key")
    try await sign("default")

    _ = try await program.run("key", "grant", "mine", "--for", other, "--yes")
    try await sign("other")
    _ = try await program.run("wallet", "end-sessions", "--yes")
    try await sign("default")

    let revoked = try await program.run("key", "revoke", "mine", "--yes")
    #expect(code(try await program.run("sign", "--key", "mine", "--message", "a", expecting: 1)) == "not_found")
    let (creator, salt) = (try revoked.text("creator"), try revoked.text("salt"))
    let origin = ["--scheme", "ed25519", "--creator", creator, "--salt", salt]
    _ = try await program.run(["key", "grant", key, "--yes"] + origin)
    _ = try await program.run("key", "transfer", "mine", "--to", other, "--yes")
    #expect(code(try await program.run(["key", "grant", key, "--yes"] + origin, expecting: 77)) == "refused")
    _ = try await program.run(["key", "grant", key, "--wallet", "other", "--yes"] + origin)
    try await sign("other")
    _ = try await program.run("key", "collect", "--yes")
  }

  private func operate() async throws {
    let status = try await program.run("stake", "status", "--wallet-file", staker(1))
    #expect(status.result["listed"] as? Bool == true && status.result["stake"] as? Int == 2_000_000_000)
    let printed = try await program.run("stake", "add", "1eth", "--print", "--from", try status.text("staker"))
    let transaction = try #require(printed.result["transaction"] as? [String: Any])
    #expect(transaction["value"] as? String == "0xde0b6b3a7640000" && transaction["data"] as? String == "0x3a4b66f1")
    _ = try await program.run("stake", "add", "1eth", "--wallet-file", staker(1), "--yes")
    let much = try await program.run("stake", "unstake", "3eth", "--wallet-file", staker(1), "--yes", expecting: 77)
    #expect(code(much) == "refused")
    _ = try await program.run("stake", "unstake", "1eth", "--wallet-file", staker(1), "--yes")

    // Of three members one is enough to pause, and all are needed for anything else.
    let paused = try await program.run("vote", "pause", "--wallet-file", staker(1), "--yes")
    #expect(paused.result["votes"] as? Int == 1 && paused.result["votesNeeded"] as? Int == 1)
    let unserved = try await program.run(
      "sign", "--key", "mine", "--wallet", "other", "--message", "a", expecting: 69)
    #expect(code(unserved) == "network_unavailable")
    for number in 1...3 {
      let vote = try await program.run("vote", "resume", "--wallet-file", staker(number), "--yes")
      #expect(vote.result["votes"] as? Int == number && vote.result["votesNeeded"] as? Int == 3)
    }
    try await sign("other")
    let proposal = folder.appending(path: "proposal.json").path
    let file = try await program.run("policy", "propose", "--kind", "software", "--out", proposal, expecting: 77)
    #expect(code(file) == "refused")

    _ = try await program.run("node", "leave", "--wallet-file", staker(3), "--yes")
    let left = try await program.run("stake", "status", "--wallet-file", staker(3))
    #expect(left.result["listed"] as? Bool == false)
  }
}

private enum CompiledContracts {
  static var arePresent: Bool {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return FileManager.default.fileExists(atPath: root.appending(path: "contracts/out/Staking.json").path)
  }
}
