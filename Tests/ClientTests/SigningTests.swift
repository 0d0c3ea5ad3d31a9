import Aggregation
import Authorization
@testable import Client
import Identifiers
import Membership
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import Wire

@Suite struct SigningTests {
  let message = ContentToSign.message(Array("pay the baker".utf8))

  private func session(_ network: SimulatedNetwork, _ key: KeyID) throws -> UserSession {
    var random = SystemRandom()
    return try UserSession(
      wallet: network.wallet, founding: network.founding, grants: [.sign(with: key)], lifetime: 3600,
      now: SystemClock().wall, from: &random)
  }

  private func sign(
    _ network: SimulatedNetwork, _ purpose: KeyPurpose = .ed25519Sign, by client: QuorateClient? = nil,
    _ content: ContentToSign? = nil
  ) async throws -> FinishedSignature {
    let key = try network.key(purpose)
    return try await (client ?? network.client()).sign(content ?? message, with: key, as: session(network, key))
  }

  @Test(arguments: KeyPurpose.allCases.filter { $0.schnorrSuite != nil })
  func `exactly t nodes are asked and the signature verifies under the derived key`(_ purpose: KeyPurpose) async throws
  {
    let network = try SimulatedNetwork()
    let finished = try await sign(network, purpose)
    #expect(network.requests.map { $0.payload.quorum.count } == [network.threshold.t])
    #expect(SignatureVerification.isValid(finished.signature, of: message, under: finished.publicKey))
    #expect(try await network.client().publicKey(of: network.key(purpose)) == finished.publicKey)
    #expect(!SignatureVerification.isValid(finished.signature, of: .message([]), under: finished.publicKey))
  }

  @Test func `a file is signed by its digest and length, raw bytes untouched`() async throws {
    let network = try SimulatedNetwork()
    let file = ContentToSign.file(digest: .zero, byteCount: 9)
    #expect(
      SignatureVerification.isValid(
        try await sign(network, .ed25519Sign, file).signature, of: file,
        under: try await network.client().publicKey(of: network.key(.ed25519Sign))))
    let raw = try await sign(network, .ed25519Sign, .raw([1, 2, 3]))
    #expect(Ed25519.isValid(signature: raw.signature, message: [1, 2, 3], publicKey: raw.publicKey.bytes))
  }

  @Test func `raw content of another size than 32 bytes is refused before a taproot key is asked`() async throws {
    let network = try SimulatedNetwork()
    await #expect(throws: ClientError.self) { try await sign(network, .secp256k1Taproot, .raw([1, 2, 3])) }
    #expect(network.requests.isEmpty)
  }

  @Test func `P40 a dead node is replaced by a spare in a new request`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .dies)
    _ = try await sign(network)
    let requests = network.requests
    #expect(requests.count == 2)
    #expect(requests.last.map { !$0.payload.quorum.nodes.contains(network.nodes[0]) } == true)
    #expect(Set(requests.map(\.payload.nonce)).count == 2)
    #expect(Set(requests.map(\.payload.replyKey)).count == 2)
  }

  @Test func `P40 a node that never answers is replaced`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[1], .silent)
    var limits = OrderRunner.Limits()
    limits.attempt = .milliseconds(200)
    _ = try await sign(network, by: network.client(limits: limits))
    #expect(network.requests.count == 2)
  }

  @Test func `P40 a node that froze is found out long before the attempt times out`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[1], .freezes)
    var limits = OrderRunner.Limits()
    limits.attempt = .seconds(600)
    _ = try await sign(network, by: network.client(limits: limits))
    #expect(network.requests.map { $0.payload.quorum.nodes.contains(network.nodes[1]) } == [true, false])
  }

  @Test func `P29 a wrong share is named, and its node is not asked again`() async throws {
    let network = try SimulatedNetwork()
    let culprit = network.nodes[2]
    network.make(culprit, .wrongShare)
    let client = network.client()
    _ = try await sign(network, by: client)
    _ = try await sign(network, by: client)
    let quorums = network.requests.map(\.payload.quorum.nodes)
    #expect(quorums.count == 3)
    #expect(quorums.dropFirst().allSatisfy { !$0.contains(culprit) })
  }

  @Test(arguments: [Behaviour.otherOperation, .otherCertificate, .otherEpoch, .foreignSignature, .unopenable])
  func `A8 a node whose answer is not to this order is not asked again`(_ behaviour: Behaviour) async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], behaviour)
    let client = network.client()
    _ = try await sign(network, by: client)
    _ = try await sign(network, by: client)
    let quorums = network.requests.map(\.payload.quorum.nodes)
    #expect(quorums.map { $0.contains(network.nodes[0]) } == [true, false, false])
  }

  @Test(arguments: [Behaviour.otherOperation, .otherCertificate, .otherEpoch, .foreignSignature])
  func `A8 N a client that opens an answer and compares nothing takes it for a share`(
    _ behaviour: Behaviour
  ) async throws {
    let network = try SimulatedNetwork()
    let node = network.nodes[0]
    network.make(node, behaviour)
    let key = try network.key(.ed25519Sign)
    let session = try session(network, key)
    let entries = network.nodes.prefix(network.threshold.t)
      .map { QuorumEntry(node: $0, instance: SimulatedNode.instance(of: $0)) }
    let replyKey = ReplyKey()
    let now = SystemClock().wall
    let builder = RequestBuilder(sessionKey: session.key)
    let request = try builder.sign(
      RequestPayload(
        network: network.founding.network, epoch: 1, quorum: Quorum(entries),
        operation: .sign(key: key, content: message), replyKey: replyKey.publicKey,
        nonce: [UInt8](repeating: 1, count: WireLimits.nonce), issuedAt: now, expiresAt: now.adding(seconds: 60),
        capability: session.capability.forRequest(at: nil)))
    let identityKey = try #require(network.identities[node]).publicKey
    let connection = SimulatedNode(network: network, node: node, identityKey: identityKey)
    let submission = RequestSubmission(request: request, delivery: builder.delivery(of: request, to: entries[0]))
    let answer = try await connection.post("/v1/sign", submission.encoded, timeout: .seconds(1))

    let context = ReplyContext(request: request.id, node: node, instance: connection.instance)
    let opened = try SealedReply(decoding: answer.body).open(with: replyKey, from: context)
    guard case .signatureShare = opened.body.outcome else {
      Issue.record("there was nothing to take for a share")
      return
    }
    let certificate = network.certificate.body.digest
    let ours = RequestInFlight(request, deliveries: [:], replyKey: replyKey, certificate: certificate)
    guard case .cheated = ours.read(answer, from: connection) else {
      Issue.record("ours takes it too")
      return
    }
  }

  @Test func `P41 an accusation keeps the two apart and condemns neither`() async throws {
    let network = try SimulatedNetwork()
    let (accuser, accused) = (network.nodes[0], network.nodes[1])
    network.make(accuser, .accuses(accused))
    _ = try await sign(network)
    let last = try #require(network.requests.last).payload.quorum.nodes
    #expect(!(last.contains(accuser) && last.contains(accused)))
  }

  @Test func `P41 a node that accuses everybody ends up outside the quorum`() async throws {
    let network = try SimulatedNetwork()
    let client = network.client()
    for accused in network.nodes[1...3] {
      network.make(network.nodes[0], .accuses(accused))
      _ = try await sign(network, by: client)
    }
    let before = network.requests.count
    _ = try await sign(network, by: client)
    let last = try #require(network.requests.last).payload.quorum.nodes
    #expect(network.requests.count == before + 1)
    #expect(!last.contains(network.nodes[0]))
  }

  @Test func `P28 P41 two nodes that quote different commitments are kept apart`() async throws {
    let network = try SimulatedNetwork()
    let (liar, victim) = (network.nodes[0], network.nodes[3])
    network.make(liar, .misquotes(victim))
    _ = try await sign(network)
    let quorums = network.requests.map(\.payload.quorum.nodes)
    try #require(quorums.count > 1)
    #expect(!(quorums[1].contains(liar) && quorums[1].contains(victim)))
  }

  @Test func `after a failure nobody can be blamed for other nodes get their turn`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .fails)
    _ = try await sign(network)
    #expect(try !#require(network.requests.last).payload.quorum.nodes.contains(network.nodes[0]))
  }

  @Test func `O5 fewer than t verified nodes get no request at all`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .unverified)
    network.make(network.nodes[4], .unreachable)
    let error = await #expect(throws: ClientError.self) { try await sign(network) }
    #expect(
      error
        == .tooFewNodes(
          verified: 3, needed: 4,
          failures: [network.nodes[0]: .notVerified("measurement"), network.nodes[4]: .unreachable]))
    #expect(network.requests.isEmpty)
  }

  @Test func `a refusal counts when more nodes give it than can be dishonest`() async throws {
    let network = try SimulatedNetwork()
    for node in network.nodes[0...1] { network.make(node, .refuses(.notPermitted)) }
    let error = await #expect(throws: ClientError.self) { try await sign(network) }
    #expect(error == .refused(.notPermitted))
    #expect(network.requests.count == 1)
  }

  @Test func `P41 a single node cannot talk a user out of a request`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .refuses(.notPermitted))
    _ = try await sign(network)
    #expect(network.requests.count == 2)
  }

  @Test func `an overloaded node is passed over and asked again later`() async throws {
    let network = try SimulatedNetwork()
    network.make(network.nodes[0], .refuses(.overloaded))
    let client = network.client()
    _ = try await sign(network, by: client)
    network.make(network.nodes[0], .honest)
    for node in network.nodes[1...] { network.make(node, node == network.nodes[4] ? .dies : .honest) }
    _ = try await sign(network, by: client)
    #expect(try #require(network.requests.last).payload.quorum.nodes.contains(network.nodes[0]))
  }

  @Test func `with too many faults the user learns what each node did`() async throws {
    let network = try SimulatedNetwork()
    for node in network.nodes[0...1] { network.make(node, .dies) }
    var limits = OrderRunner.Limits()
    limits.attempts = 3
    let client = network.client(limits: limits)
    let error = await #expect(throws: ClientError.self) { try await sign(network, by: client) }
    guard case .failed(3, let last) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(last.values.contains(.connection(.closed)))
  }

  @Test func `a key the registry does not list is unknown without asking anybody to sign`() async throws {
    let network = try SimulatedNetwork()
    let stranger = KeyID(Digest32.zero)
    let error = await #expect(throws: ClientError.self) {
      try await network.client().sign(message, with: stranger, as: session(network, stranger))
    }
    #expect(error == .unknownKey(stranger))
    #expect(network.requests.isEmpty)
  }

  @Test func `connections are kept for the next request`() async throws {
    let network = try SimulatedNetwork()
    // Time stands still: nobody is ever late, and nobody is tried anew for that.
    let client = network.client(clock: ManualClock(wall: SystemClock().wall))
    _ = try await sign(network, by: client)
    let first = network.connectionCount
    _ = try await sign(network, by: client)
    #expect(network.connectionCount == first)
  }
}
