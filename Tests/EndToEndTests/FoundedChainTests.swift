import ChainTestKit
import EthereumRPC
import Foundation
import Identifiers
import Testing

/// A network on a chain that operators found, deploy and join by command, with the program as they run it.
@Suite(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct FoundedChainTests {
  private let folder: URL
  private let program: QuorateProgram

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "founded-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    program = QuorateProgram(home: folder.appending(path: "home"), folder: folder)
  }

  private func code(_ outcome: QuorateProgram.Outcome) -> String? {
    (outcome.result["error"] as? [String: Any])?["code"] as? String
  }

  /// The founding document of a development network, changed into a draft for a chain.
  private func writeDraft() throws -> [WalletAddress] {
    let file = try Data(contentsOf: folder.appending(path: "trial/network.json"))
    let registry = try JSONSerialization.jsonObject(with: file) as? [String: Any]
    let text = try #require(registry?["founding"] as? String)
    let draft = text.replacing(#""registry":"file","#, with: "")
      .replacing(#""minimumStake":1,"#, with: #""minimumStake":1000000000,"#)
      .replacing(#""stake":1}"#, with: #""stake":1000000000}"#)
    try Data(draft.utf8).write(to: folder.appending(path: "draft.json"))
    return try draft.matches(of: /"address":"(0x[0-9a-f]{40})"/).map { try WalletAddress(text: String($0.1)) }
  }

  @Test(.timeLimit(.minutes(2)))
  func `founders put their contracts onto a chain, stake, and register what nodes say`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    // Wallets, and the root and credentials of software evidence.
    _ = try await program.run("devnet", "init", "trial", "--nodes", "3")
    let stakers = try writeDraft()
    let deployer = try await program.run("wallet", "create", "--name", "deployer").text("address")
    let chain = try LoopbackChain(funding: stakers + [WalletAddress(text: deployer)], every: 1)
    defer { chain.end() }
    let list = try EndpointList([.init(name: "own", url: chain.url)], needed: 1)
    try Data(list.json.serialized).write(to: folder.appending(path: "endpoints.json"))

    let options = [
      "network", "found", "draft.json", "--chain", "31337", "--deployer", deployer, "--finality-depth", "1",
      "--head-age", "30",
    ]
    let founded = try await program.run(options + ["--out", "network.json"])
    #expect(founded.result["nonce"] as? Int == 0)
    _ = try await program.run(options + ["--out", "late.json", "--nonce", "1"])
    try await deploy(founded, deployer)
    try await join()
  }

  private func deploy(_ founded: QuorateProgram.Outcome, _ deployer: String) async throws {
    let deploy = ["network", "deploy", "--network"]
    let early = try await program.run(deploy + ["late.json", "--wallet", "deployer", "--yes"], expecting: 77)
    #expect(code(early) == "refused" && early.output.contains("elsewhere"))
    let stranger = ["--wallet-file", "trial/stakers/1.wallet", "--yes"]
    #expect(code(try await program.run(deploy + ["network.json"] + stranger, expecting: 77)) == "refused")
    let printed = try await program.run(deploy + ["network.json", "--print", "--from", deployer])
    let transactions = try #require(printed.result["transactions"] as? [[String: Any]])
    #expect(transactions.map { $0["nonce"] as? String } == ["0x0", "0x1"])
    #expect(transactions.allSatisfy { $0["to"] == nil && $0["from"] as? String == deployer })

    let deployed = try await program.run(deploy + ["network.json", "--wallet", "deployer", "--yes"])
    #expect(deployed.result["sent"] as? Int == 2)
    #expect(try deployed.text("staking") == founded.text("staking") && deployed.text("keys") == founded.text("keys"))
    let again = try await program.run(deploy + ["network.json"])
    #expect(again.result["sent"] as? Int == 0)
    // Keys of this network lies where the late one would have had Staking.
    let late = try await program.run(deploy + ["late.json", "--wallet", "deployer", "--yes"], expecting: 77)
    #expect(code(late) == "network_not_trusted")
    try await verify(deployed)
    let used = try await program.run("network", "use", "network.json")
    #expect(try used.text("network") == founded.text("network"))
    let shown = try await program.run("network", "show")
    let place = try #require(shown.result["chain"] as? [String: Any])
    #expect(place["finalityDepth"] as? Int == 1)
    #expect(try place["keysCode"] as? String == founded.text("keysCode"))
  }

  private func verify(_ deployed: QuorateProgram.Outcome) async throws {
    func hash(_ creation: String) throws -> String {
      try #require((deployed.result[creation] as? [String: Any])?["transaction"] as? String)
    }
    let (staking, keys) = (try hash("stakingCreation"), try hash("keysCreation"))
    // An operator has no record of the deployment.
    try FileManager.default.createDirectory(at: folder.appending(path: "own"), withIntermediateDirectories: false)
    for file in ["network.json", "endpoints.json"] {
      try FileManager.default.copyItem(at: folder.appending(path: file), to: folder.appending(path: "own/\(file)"))
    }
    let verify = ["network", "verify", "--network", "own"]
    #expect(code(try await program.run(verify, expecting: 1)) == "not_found")
    let verified = try await program.run(verify + ["--staking", staking, "--keys", keys])
    #expect(try verified.text("stakingCode") == deployed.text("stakingCode"))
    let swapped = try await program.run(verify + ["--staking", keys, "--keys", staking], expecting: 77)
    #expect(code(swapped) == "network_not_trusted")
    _ = try await program.run("network", "verify", "--network", "network.json")
  }

  private func join() async throws {
    let wallet = ["--wallet-file", "trial/stakers/1.wallet"]
    let staker = try await program.run(["stake", "status"] + wallet).text("staker")
    _ = try await program.run(["stake", "add", "2eth", "--yes"] + wallet)
    let said = try await program.run(
      "node", "init", "--staker", staker, "--folder", "node", "--attester", "trial/nodes/1/attester.pem",
      "--client", "127.0.0.1:7001", "--peer", "127.0.0.1:7101", "--admin", "127.0.0.1:7201")
    let key = try said.text("identityKey")
    let join = ["node", "join", "--yes", "--peer", "127.0.0.1:7101", "--identity-key=\(key)"] + wallet
    let proof = ["--proof=\(try said.text("proof"))"]
    let changed = try await program.run(join + proof + ["--client", "127.0.0.1:7002"], expecting: 1)
    #expect(code(changed) == "not_valid")
    _ = try await program.run(join + proof + ["--client", "127.0.0.1:7001"])
    let status = try await program.run(["stake", "status"] + wallet)
    #expect(try status.text("identityKey") == key && status.text("client") == "127.0.0.1:7001")
  }
}
