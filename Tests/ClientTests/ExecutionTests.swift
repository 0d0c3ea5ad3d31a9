import ActionNames
import Authorization
import Identifiers
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import Wire

@testable import Client

@Suite struct ExecutionTests {
  private let network: SimulatedNetwork
  private let code = Array("Lit.Actions.setResponse({ response: JSON.stringify(jsParams) });".utf8)

  init() throws { network = try SimulatedNetwork() }

  private func run(by client: QuorateClient? = nil, grants: Set<Grant>? = nil) async throws -> ActionResult {
    var random = SystemRandom()
    let session = try UserSession(
      wallet: network.wallet, founding: network.founding, grants: grants ?? [.execute(ActionID(of: code))],
      lifetime: 600, now: SystemClock().wall, from: &random)
    return try await (client ?? network.client()).run(code, parameters: Array("{}".utf8), as: session)
  }

  @Test func `exactly t nodes run it; what they agree on comes with its signatures, verified`() async throws {
    let result = try await run()
    #expect(network.requests.map { $0.payload.quorum.count } == [network.threshold.t])
    #expect(result.action == ActionID(of: code))
    #expect(result.response == "{}")
    #expect(result.failure == nil)
    let signature = try #require(result.signatures["s"])
    #expect(try signature.key == network.key(.ed25519Sign))
    #expect(
      Ed25519.isValid(signature: signature.signature, message: [1, 2, 3], publicKey: signature.publicKey.bytes))
    // Logs are each node's own word.
    #expect(result.logs.count == network.threshold.t)
    for (node, text) in result.logs { #expect(text == "at \(node)\n") }
  }

  @Test func `J7 one node that says another response: nothing is accepted, and the user learns who`() async throws {
    let client = network.client()
    let odd = network.nodes[0]
    network.make(odd, .says("{ }"))
    let others = Array(network.nodes[1...3])
    await #expect(throws: ClientError.nodesDiffer([others, [odd]])) { try await run(by: client) }
    // Nothing ran twice, and the next run is asked of others.
    #expect(network.requests.count == 1)
    #expect(try await run(by: client).response == "{}")
    #expect(network.requests.last.map { !$0.payload.quorum.nodes.contains(odd) } == true)
  }

  @Test func `J7 N a client that believes one node takes what it alone says`() async throws {
    /// Looks at one answer.
    struct FirstWord: QuorumOperation {
      let whole: ExecutionCombination
      let believed: NodeID
      var path: String { whole.path }

      func quorumSize(available: Int, threshold: Int) -> Int { threshold }

      func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<String> {
        guard case .execution(let outcome)? = shares[believed] else { return .incomplete(Blame()) }
        return .finished(outcome.response ?? "", cheated: [:])
      }
    }
    let client = network.client()
    network.make(network.nodes[0], .says("{ }"))
    let certificate = try await client.keyCertificate()
    let work = FirstWord(
      whole: ExecutionCombination(
        certificate: certificate, snapshot: try client.snapshot(), action: ActionID(of: code)),
      believed: network.nodes[0])
    var random = SystemRandom()
    let session = try UserSession(
      wallet: network.wallet, founding: network.founding, grants: [.execute(ActionID(of: code))], lifetime: 600,
      now: SystemClock().wall, from: &random)
    let order = Wire.Operation.execute(code: code, parameters: Array("{}".utf8))
    #expect(try await client.run(work, ordering: order, as: session, under: certificate) == "{ }")
  }

  @Test func `code is run by its name as it is with its bytes`() async throws {
    var random = SystemRandom()
    let action = ActionID(of: code)
    let session = try UserSession(
      wallet: network.wallet, founding: network.founding, grants: [.execute(action)], lifetime: 600,
      now: SystemClock().wall, from: &random)
    let result = try await network.client().run(action, parameters: Array("{}".utf8), as: session)
    #expect(result.response == "{}" && result.action == action && result.signatures.count == 1)
    #expect(network.requests.map(\.payload.operation) == [.executeNamed(action, parameters: Array("{}".utf8))])
  }

  @Test func `an action's key is the one its name derives`() async throws {
    let client = network.client()
    let certificate = try await client.keyCertificate()
    let action = ActionID(of: code)
    let key = KeyID.derive(network: certificate.network, purpose: .secp256k1ECDSA, action: action)
    #expect(
      try await client.publicKey(of: action, purpose: .secp256k1ECDSA)
        == QuorateClient.publicKey(of: key, purpose: .secp256k1ECDSA, in: certificate))
  }

  @Test func `J7 fewer than t that agree are not enough, whoever they are`() async throws {
    for node in network.nodes.prefix(2) { network.make(node, .says("1")) }
    let groups = [Array(network.nodes.prefix(2)), Array(network.nodes[2...3])]
    await #expect(throws: ClientError.nodesDiffer(groups)) { try await run() }
  }

  @Test func `P40 a node that dies is replaced in a new request, and a wrong share names its node`() async throws {
    network.make(network.nodes[0], .dies)
    #expect(try await run().response == "{}")
    network.make(network.nodes[0], .wrongShare)
    let result = try await run()
    #expect(result.signatures.count == 1)
    #expect(network.requests.last.map { !$0.payload.quorum.nodes.contains(network.nodes[0]) } == true)
  }

  @Test func `whom nodes accuse within an action reaches the user, and whom enough of them miss or catch is avoided`()
    async throws
  {
    let accused = network.nodes[1]
    for (reason, isAvoided) in [(FailedOutcome.Reason.missing, true), (.disagreed, false), (.cheated, true)] {
      let client = network.client()
      for node in network.nodes[2...3] { network.make(node, .accusesWithin(accused, reason)) }
      let result = try await run(by: client)
      #expect(Set(result.failedOperations.keys) == Set(network.nodes[2...3]))
      for failed in result.failedOperations.values {
        #expect(failed.map(\.operation) == ["signAndCombine#0"])
        #expect(failed.first?.outcome.suspects == [.init(node: accused, reason: reason)])
      }
      // More say so than could be lying.
      _ = try await run(by: client)
      #expect(network.requests.last?.payload.quorum.nodes.contains(accused) == !isAvoided, "\(reason)")
    }
  }

  @Test func `P40 who spoils what nodes do together within an action does not do it in every run`() async throws {
    network.make(network.nodes[1], .spoilsWithin)
    let client = network.client()
    var spoiled = 0
    while try await !run(by: client).failedOperations.isEmpty, spoiled < 5 { spoiled += 1 }
    #expect((1..<5).contains(spoiled))
    // From then on it is left out.
    #expect(try await run(by: client).failedOperations.isEmpty)
    #expect(network.requests.last.map { !$0.payload.quorum.nodes.contains(network.nodes[1]) } == true)
  }

  @Test func `P40 N a client that remembers nothing of a run with a result meets it in every run`() async throws {
    network.make(network.nodes[1], .spoilsWithin)
    for _ in 0..<6 { #expect(try await run(by: network.client()).failedOperations.count == network.threshold.t) }
  }

  @Test func `P41 a node accuses nobody but those it ran the action with`() async throws {
    let outside = network.nodes[4]
    network.make(network.nodes[0], .namesWithin(network.nodes + [.zero]))
    let result = try await run()
    #expect(!result.usage.keys.contains(outside) && result.failedOperations.count == 1)
    let failed = try #require(result.failedOperations[network.nodes[0]]?.first)
    #expect(failed.operation == "signAndCombine#0" && failed.outcome.code == .peerCheated)
    #expect(failed.outcome.suspects.map(\.node) == Array(network.nodes[1...3]))
  }

  @Test func `P41 N an answer by itself carries whatever its node accuses`() async throws {
    let named = network.nodes + [NodeID.zero]
    let outcome = FailedOutcome(code: .peerCheated, suspects: named.map { .init(node: $0, reason: .cheated) })
    let failed = try FailedOperation(operation: "signAndCombine#0", outcome: outcome)
    #expect(Set(failed.outcome.suspects.map(\.node)) == Set(named))
  }

  @Test func `a refusal of more nodes than may lie is believed`() async throws {
    await #expect(throws: ClientError.refused(.notPermitted)) { try await run(grants: [.execute(ActionID(of: []))]) }
  }

  @Test func `code and parameters over their limits are refused before anybody is asked`() async throws {
    var random = SystemRandom()
    let session = try UserSession(
      wallet: network.wallet, founding: network.founding, grants: [.everything(.execute)], lifetime: 600,
      now: SystemClock().wall, from: &random)
    let client = network.client()
    let byte: UInt8 = 0x20
    await #expect(throws: ClientError.self) {
      try await client.run([UInt8](repeating: byte, count: WireLimits.code + 1), as: session)
    }
    await #expect(throws: ClientError.self) {
      try await client.run([], parameters: [UInt8](repeating: byte, count: WireLimits.parameters + 1), as: session)
    }
    #expect(network.requests.isEmpty)
  }
}
