import Attestation
import Crypto
import Identifiers
import Membership
import NIOCore
import NIOPosix
@testable import PeerLink
import Secrets
import Testing
import Wire

extension Loopback {
  @Suite struct AttestedConnectionTests {
    let network = TestNetwork()

    private func challenge() throws -> AttestationChallenge {
      var random = SystemRandom()
      return try AttestationChallenge(nonce: random.bytes(32))
    }

    private func publish(_ identity: NodeIdentity, port: Int) throws {
      let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(port))
      network.directory.change { view in
        view.members[identity.node] = ExpectedMember(
          identityKey: identity.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint,
          clientEndpoint: endpoint)
      }
    }

    private func connect(_ node: NodeID, timeout: Duration = .seconds(5)) async throws(HandshakeRefusal)
      -> AttestedConnection<UserChannel>
    {
      try await AttestedConnector(directory: network.directory, clock: SystemClock(), timeout: timeout)
        .connect(to: node) { try UserChannel($0) }
    }

    @Test func `a user verifies certificate and live proof of the very connection it uses`() async throws {
      let identity = try await network.identity(1)
      let server = try await UserServer(identity)
      try publish(identity, port: server.port)
      let connection = try await connect(id(1))
      #expect(connection.instance == identity.instance)
      #expect(connection.certificate.evidence.isDevelopment)
      let challenge = try challenge()
      let answer = try await connection.output.ask(challenge)
      #expect(try connection.verify(answer, to: challenge).evidence.measurement == TestNetwork.measurement)

      // The same answer for another challenge, or with anything in it changed, is worth nothing.
      let other = try self.challenge()
      #expect(throws: HandshakeRefusal.self) { try connection.verify(answer, to: other) }
      var signature = answer.identitySignature
      signature[0] ^= 1
      #expect(throws: HandshakeRefusal.identitySignature) {
        try connection.verify(answer.with(identitySignature: signature), to: challenge)
      }
      var binding = answer.binding
      binding[20] ^= 1
      #expect(throws: HandshakeRefusal.wrongInstance) {
        try connection.verify(answer.with(binding: binding), to: challenge)
      }
      #expect(throws: HandshakeRefusal.self) { try connection.verify(answer.with(evidence: []), to: challenge) }
      await server.stop()
    }

    @Test func `T2 an answer of another connection to the same node is refused`() async throws {
      let identity = try await network.identity(1)
      let server = try await UserServer(identity)
      try publish(identity, port: server.port)
      let (first, second) = (try await connect(id(1)), try await connect(id(1)))
      let challenge = try challenge()
      let answer = try await first.output.ask(challenge)
      _ = try first.verify(answer, to: challenge)
      #expect(throws: HandshakeRefusal.self) { try second.verify(answer, to: challenge) }
      await server.stop()
    }

    @Test func `T3 whoever relays a genuine node's answer, with the development root at hand, is not taken for it`()
      async throws
    {
      let genuine = try await network.identity(1)
      let server = try await UserServer(genuine)
      let impostor = try await network.identity(
        1, flaws: TestNetwork.Flaws(announcedKey: genuine.signer.publicKey, instance: genuine.instance))
      // The one in between asks the genuine node what the user asks it.
      let far = network.directory.copy()
      try network.list(genuine, port: server.port, in: far)
      let beyond = try await AttestedConnector(directory: far, clock: SystemClock()).connect(to: id(1)) {
        try UserChannel($0)
      }
      let challenge = try challenge()
      let genuineAnswer = try await beyond.output.ask(challenge)
      // The control: on the connection it was made for, the answer is perfect.
      _ = try beyond.verify(genuineAnswer, to: challenge)

      let own = impostor.certificate.binding.encoded
      let attempts: [(String, @Sendable (AttestationAnswer) -> AttestationAnswer)] = [
        ("wrong-instance", { _ in genuineAnswer }),
        ("live-evidence-report-data", { _ in genuineAnswer.with(binding: own) }),
        ("identity-signature", { $0.with(identitySignature: genuineAnswer.identitySignature) }),
      ]
      for (reason, relayed) in attempts {
        let between = try await UserServer(impostor) { connection, challenge in
          relayed(try await connection.answer(challenge))
        }
        try network.list(genuine, port: between.port)
        let connection = try await connect(id(1))
        let answer = try await connection.output.ask(challenge)
        let refusal = #expect(throws: HandshakeRefusal.self) { try connection.verify(answer, to: challenge) }
        #expect(refusal?.reason == reason)
        await between.stop()
      }
      await server.stop()
    }

    @Test func `T3 a node that signs with another identity key is refused`() async throws {
      let member = try await network.identity(1)
      let impostor = try await network.identity(1, flaws: TestNetwork.Flaws(announcedKey: member.signer.publicKey))
      let server = try await UserServer(impostor)
      try publish(impostor, port: server.port)
      let connection = try await connect(id(1))
      let challenge = try challenge()
      let answer = try await connection.output.ask(challenge)
      #expect(throws: HandshakeRefusal.identitySignature) { try connection.verify(answer, to: challenge) }
      await server.stop()
    }

    @Test func `T3 a membership that ended after the certificate was verified refuses the proof`() async throws {
      let identity = try await network.identity(1)
      let server = try await UserServer(identity)
      try publish(identity, port: server.port)
      let connection = try await connect(id(1))
      let challenge = try challenge()
      let answer = try await connection.output.ask(challenge)
      network.directory.change { $0.members = [:] }
      #expect(throws: HandshakeRefusal.notMember) { try connection.verify(answer, to: challenge) }
      await server.stop()
    }

    @Test func `T3 a user that meant one member and got another does not send a byte`() async throws {
      let (meant, got) = (try await network.identity(1), try await network.identity(2))
      let server = try await UserServer(got)
      try publish(meant, port: server.port)
      try publish(got, port: server.port)
      await #expect(throws: HandshakeRefusal.wrongNode) { try await connect(id(1)) }
      await server.stop()
    }

    @Test func `T5 a user refuses a node for each wrong thing its certificate says`() async throws {
      let key = try await network.identity(1).signer.publicKey
      let cases: [(TestNetwork.Flaws, HandshakeRefusal?, String)] = [
        (TestNetwork.Flaws(measurement: TestNetwork.measurement(9)), nil, "evidence-measurement"),
        (TestNetwork.Flaws(network: NetworkID.zero), .wrongNetwork, "wrong-network"),
        (TestNetwork.Flaws(root: DevelopmentRoot()), nil, "evidence-endorsement"),
        (TestNetwork.Flaws(now: SystemClock().wall.adding(seconds: -90_000)), nil, "certificate-expired"),
        (TestNetwork.Flaws(anchor: Digest32.zero), .staleAnchor, "stale-anchor"),
      ]
      for (flaws, _, reason) in cases {
        let identity = try await network.identity(1, flaws: flaws)
        let server = try await UserServer(identity)
        try publish(identity, port: server.port)
        let refusal = await #expect(throws: HandshakeRefusal.self) { try await connect(id(1)) }
        #expect(refusal?.reason == reason)
        await server.stop()
      }
      let identity = try await network.identity(1)
      let server = try await UserServer(identity)
      try publish(identity, port: server.port)
      network.directory.change { $0.members[id(1)]?.identityKey = key }
      await #expect(throws: HandshakeRefusal.wrongIdentityKey) { try await connect(id(1)) }
      network.directory.change { $0.members[id(1)]?.hasSufficientStake = false }
      await #expect(throws: HandshakeRefusal.insufficientStake) { try await connect(id(1)) }
      network.directory.change { $0.members = [:] }
      await #expect(throws: HandshakeRefusal.notMember) { try await connect(id(1)) }
      network.directory.goStale()
      await #expect(throws: HandshakeRefusal.registryUnavailable) { try await connect(id(1)) }
      await server.stop()
    }

    @Test func `T10 a server that never starts TLS is given up at the deadline, and so is a client`() async throws {
      let identity = try await network.identity(1)
      let silent = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(host: "127.0.0.1", port: 0).get()
      try publish(identity, port: try #require(silent.localAddress?.port))
      await #expect(throws: HandshakeRefusal.deadline) { try await connect(id(1), timeout: .seconds(1)) }
      try await silent.close()

      let server = try await UserServer(identity, timeout: .seconds(1))
      let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: server.port).get()
      try await client.closeFuture.get()
      let ready = try #require(server.connected.first?.ready)
      await #expect(throws: HandshakeRefusal.deadline) { try await ready.get() }
      await server.stop()
    }

    @Test func `nobody listens where the registry says`() async throws {
      let identity = try await network.identity(1)
      try publish(identity, port: 1)
      let refusal = await #expect(throws: HandshakeRefusal.self) { try await connect(id(1)) }
      #expect(refusal?.reason == "unreachable")
    }
  }
}

extension AttestationAnswer {
  fileprivate func with(
    evidence: [UInt8]? = nil, binding: [UInt8]? = nil, identitySignature: [UInt8]? = nil
  ) -> AttestationAnswer {
    AttestationAnswer(
      evidenceKind: evidenceKind, evidence: evidence ?? self.evidence, binding: binding ?? self.binding,
      identitySignature: identitySignature ?? self.identitySignature)
  }
}
