import Authorization
import Client
import Identifiers
import IdentityEncryption
import Logging
import Membership
import Node
import NodeTestKit
import PeerLink
import PublicKeys
import Secrets
import Signatures
import Testing
import Vault
import Wire

/// One network of five nodes over real sockets; four are needed for anything.
@Suite(.serialized) struct `Five nodes in one process` {
  @Test(.timeLimit(.minutes(3)))
  func `generate keys, sign in every scheme and decrypt for a user`() async throws {
    try await withTestNetwork { network in
      let user = try TestUser(of: network)
      let message = ContentToSign.message(Array("a message".utf8))
      for purpose in KeyPurpose.allCases where purpose.schnorrSuite != nil {
        let record = try await user.makeKey(purpose)
        let session = try user.session([.sign(with: record.key)])
        let signature = try await user.client.sign(message, with: record.key, as: session)
        #expect(SignatureVerification.isValid(signature.signature, of: message, under: signature.publicKey))
        let other = ContentToSign.message(Array("another".utf8))
        #expect(!SignatureVerification.isValid(signature.signature, of: other, under: signature.publicKey))
      }
      let policy = try DecryptionPolicy(anyOf: [user.wallet.address])
      var encryptor = try await user.client.encryptor(for: policy)
      let header = encryptor.header
      let session = try user.session([.decrypt(under: policy.hash)])
      _ = try encryptor.update([1, 2, 3])
      _ = try encryptor.finish()
      #expect(try await user.client.dataKey(of: header, as: session).count == 32)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `O5 K7 one member may be down, and one that restarted has its share again`() async throws {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let session = try user.session([.sign(with: record.key)])
      let before = await nodes[0].status

      await nodes[0].stop()
      _ = try await user.client.sign(.message([1]), with: record.key, as: session)

      try await nodes[0].start()
      await nodes[1].stop()
      try await network.waitUntil(within: .seconds(30), of: [nodes[0]]) { await $0.isReady }
      let after = await nodes[0].status
      #expect(after?.identityKey == before?.identityKey)
      #expect(after?.instance != before?.instance)
      #expect(after?.keys.certificate == before?.keys.certificate)
      // Four are left and four are needed, the restarted one among them.
      _ = try await user.client.sign(.message([2]), with: record.key, as: session)
    }
  }

  @Test(.timeLimit(.minutes(3))) func `P40 too few nodes give no signature and name who is missing`() async throws {
    try await withTestNetwork { network in
      let (nodes, user, record) = try await signingUser(of: network)
      let request = try await ManualRequest(
        .sign(key: record.key, content: .message([1])), to: Self.running(nodes.prefix(4)),
        as: user.session([.sign(with: record.key)]), issuedAt: network.clock.wall)
      // The fourth of the quorum never hears of the request.
      let missing = nodes[3].id
      for outcome in try await Self.outcomes(of: request, at: Self.running(nodes.prefix(3))) {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left without the whole quorum")
          continue
        }
        #expect(failed.code == .peersMissing)
        #expect(failed.suspects == [FailedOutcome.Suspicion(node: missing, reason: .missing)])
      }
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A5 a request runs once, and comes back with the identical bytes`() async throws {
    try await withTestNetwork { network in
      let (nodes, user, record) = try await signingUser(of: network)
      let quorum = try await Self.running(nodes.prefix(4))
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])), to: quorum, as: user.session([.sign(with: record.key)]),
        issuedAt: network.clock.wall)
      let first = try await Self.answers(to: request, of: quorum)
      #expect(first.count == 4)
      for (node, answer) in zip(quorum, first) {
        #expect(try request.open(answer, from: node).isShare)
        #expect(try await node.answer(request.submission(to: node), .sign) == answer)
      }
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A3 A7 a delivery is worth nothing at another node or instance`() async throws {
    try await withTestNetwork { network in
      let (nodes, user, record) = try await signingUser(of: network)
      let quorum = try await Self.running(nodes.prefix(4))
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])), to: quorum, as: user.session([.sign(with: record.key)]),
        issuedAt: network.clock.wall)
      let forFirst = request.submission(to: quorum[0])
      await #expect(throws: NodeRefusal(.invalidSignature)) { try await quorum[1].answer(forFirst, .sign) }
      await #expect(throws: NodeRefusal(.invalidRequest)) { try await quorum[0].answer(forFirst, .decrypt) }

      await nodes[0].stop()
      try await nodes[0].start()
      try await network.waitUntil(within: .seconds(30), of: [nodes[0]]) { await $0.isReady }
      let restarted = try #require(await nodes[0].node)
      await #expect(throws: NodeRefusal(.wrongQuorum)) { try await restarted.answer(forFirst, .sign) }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A8 P9 different messages to the same quorum end in a mismatch that names two nodes`() async throws {
    try await withTestNetwork { network in
      let (nodes, user, record) = try await signingUser(of: network)
      let quorum = try await Self.running(nodes.prefix(4))
      let session = try user.session([.sign(with: record.key)])
      let nonce = [UInt8](repeating: 9, count: WireLimits.nonce)
      let requests = try [[1], [2]].map { message in
        try ManualRequest(
          .sign(key: record.key, content: .message(message)), to: quorum, as: session, nonce: nonce,
          issuedAt: network.clock.wall)
      }
      let outcomes = try await withThrowingTaskGroup(of: (NodeID, ReplyOutcome).self) { group in
        for (place, node) in quorum.enumerated() {
          let request = requests[place == 0 ? 1 : 0]
          group.addTask { (node.identity.node, try await request.outcome(at: node)) }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      let deceived = quorum[0].identity.node
      var mismatches = 0
      for (node, outcome) in outcomes {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left a quorum that was asked different things")
          continue
        }
        guard failed.code == .sessionMismatch else { continue }
        mismatches += 1
        #expect(failed.suspects.count == 1)
        #expect(node == deceived || failed.suspects.first?.node == deceived)
      }
      #expect(mismatches >= 1)
      // Nobody is banned: the same nodes sign the next request.
      let honest = try ManualRequest(
        .sign(key: record.key, content: .message([3])), to: quorum, as: session, issuedAt: network.clock.wall)
      #expect(try await Self.outcomes(of: honest, at: quorum).allSatisfy(\.isShare))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `O4 a node that is asked to stop finishes what it has begun and takes nothing new`() async throws {
    try await withTestNetwork { network in
      let (nodes, user, record) = try await signingUser(of: network)
      let quorum = try await Self.running(nodes.prefix(4))
      let session = try user.session([.sign(with: record.key)])
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])), to: quorum, as: session, issuedAt: network.clock.wall)
      let begun = Task { try await request.outcome(at: quorum[0]) }
      try await network.waitUntil(within: .seconds(5), of: [nodes[0]]) { await $0.status?.pendingRequests == 1 }
      let stopping = Task { await nodes[0].shutDown() }
      try await network.waitUntil(within: .seconds(5), of: [nodes[0]]) { await !$0.isReady }
      let late = try ManualRequest(
        .sign(key: record.key, content: .message([2])), to: quorum, as: session, issuedAt: network.clock.wall)
      #expect(await late.refusal(at: quorum[0]) == .notReady)
      let others = try await Self.outcomes(of: request, at: Array(quorum.dropFirst()))
      for outcome in others { #expect(outcome.isShare, "\(outcome)") }
      #expect(try await begun.value.isShare, "the stopping node dropped what it had begun")
      await stopping.value
      #expect(await nodes[0].node == nil)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `O2 a node whose vault cannot write serves nothing, and says why`() async throws {
    try await withTestNetwork { network in
      let node = await network.nodes[0]
      await node.vault?.close()
      // The next registry update is the next thing to be kept.
      _ = try await TestUser(of: network).makeKey(.ed25519Sign)
      try await network.waitUntil(within: .seconds(10), of: [node]) { await !$0.isReady }
      guard case .notReady(let reason, _) = await node.status?.readiness else {
        Issue.record("it serves")
        return
      }
      #expect(reason == "vault")
    }
  }
}

extension `Five nodes in one process` {
  static func running(_ nodes: some Sequence<TestNode>) async throws -> [Node] {
    var running: [Node] = []
    for node in nodes { running.append(try #require(await node.node)) }
    return running
  }

  /// Sends one request to all its nodes at the same time; answers in their order.
  static func answers(to request: ManualRequest, of nodes: [Node]) async throws -> [[UInt8]] {
    try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for (place, node) in nodes.enumerated() {
        group.addTask { (place, try await node.answer(request.submission(to: node), request.kind)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  static func outcomes(of request: ManualRequest, at nodes: [Node]) async throws -> [ReplyOutcome] {
    try zip(nodes, await answers(to: request, of: nodes)).map { try request.open($0.1, from: $0.0) }
  }

  private func signingUser(of network: TestNetwork) async throws -> ([TestNode], TestUser, KeyRecord) {
    let user = try TestUser(of: network)
    return (await network.nodes, user, try await user.makeKey(.ed25519Sign))
  }
}

extension ReplyOutcome {
  var isShare: Bool {
    switch self {
    case .signatureShare, .ecdsaShare, .decryptionShare: true
    case .execution, .failed: false
    }
  }
}

/// A running network with keys, removed whatever happens.
func withTestNetwork(
  count: Int = 5, limits: NodeLimits = NodeLimits(),
  logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, examineSandbox: SandboxExamination? = nil,
  make: @escaping TestNetwork.Making = { try await Node($0, $1) }, _ body: (TestNetwork) async throws -> Void
) async throws {
  let network = try await TestNetwork(
    count: count, limits: limits, logger: logger, examineSandbox: examineSandbox, make: make)
  do {
    try await network.start()
    try await network.generateKeys()
    try await body(network)
    await network.remove()
  } catch {
    await network.remove()
    throw error
  }
}
