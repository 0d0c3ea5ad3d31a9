import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Testing
import Wire

extension Loopback {
  /// One node is honest, the other is wrong in one way; the honest one must refuse it for exactly that.
  @Suite struct HandshakeRefusalTests {
    /// What is wrong with the flawed node, and the one check without which an end would let it in.
    private struct Case {
      let reason: String
      var flaws = TestNetwork.Flaws()
      /// Changes what the honest node expects of the flawed one.
      var prepare: @Sendable (inout PeerView, TestNode) throws -> Void = { _, _ in }
      /// Changes it once more, so that the check finds nothing.
      let weaken: @Sendable (inout PeerView, TestNode, TestNetwork) throws -> Void
    }

    private func expectRefusal(_ wrong: Case) async throws {
      try await refusalOfDialler(wrong.reason, flaws: wrong.flaws, prepare: wrong.prepare)
      try await refusalOfDialled(wrong.reason, flaws: wrong.flaws, prepare: wrong.prepare)
    }

    private func refusalOfDialler(
      _ reason: String, flaws: TestNetwork.Flaws = TestNetwork.Flaws(),
      network: TestNetwork = TestNetwork(), prepare: (inout PeerView, TestNode) throws -> Void = { _, _ in }
    ) async throws {
      let theirs = network.directory.copy()
      let flawed = try await network.node(1, flaws: flaws, directory: theirs)
      let honest = try await network.attackedNode(2)
      try introduce(flawed, theirs, honest, prepare)
      try await honest.expectRefusal(reason, .incoming)
      #expect(await flawed.events.frames.isEmpty)
      await flawed.mesh.stop()
    }

    private func refusalOfDialled(
      _ reason: String, flaws: TestNetwork.Flaws = TestNetwork.Flaws(),
      network: TestNetwork = TestNetwork(), prepare: (inout PeerView, TestNode) throws -> Void = { _, _ in }
    ) async throws {
      let theirs = network.directory.copy()
      let honest = try await network.attackedNode(1)
      let flawed = try await network.node(2, flaws: flaws, directory: theirs)
      try introduce(flawed, theirs, honest, prepare)
      try await honest.expectRefusal(reason, .outgoing, of: flawed.id)
      #expect(await flawed.events.all.isEmpty)
      await flawed.mesh.stop()
    }

    private func introduce(
      _ flawed: TestNode, _ theirs: TestDirectory, _ honest: TestNode,
      _ prepare: (inout PeerView, TestNode) throws -> Void
    ) throws {
      let (flawedEntry, honestEntry) = (try flawed.expected(), try honest.expected())
      theirs.change { $0.members[honest.id] = honestEntry }
      try honest.directory.change { view in
        view.members[honest.id] = honestEntry
        view.members[flawed.id] = flawedEntry
        try prepare(&view, flawed)
      }
    }

    /// The control: the same flawed node meets an end without the check, as dialler and as dialled, and gets in.
    private func expectEntry(_ wrong: Case) async throws {
      for (flawedByte, weakByte) in [(1, 2), (2, 1)] as [(UInt8, UInt8)] {
        let network = TestNetwork()
        let theirs = network.directory.copy()
        let flawed = try await network.node(flawedByte, flaws: wrong.flaws, directory: theirs)
        let weak = try await network.node(weakByte)
        try introduce(flawed, theirs, weak) { view, flawed in
          try wrong.prepare(&view, flawed)
          try wrong.weaken(&view, flawed, network)
        }
        try await eventually("it gets in, \(weak.allRefusals)") { await areLinked(weak, flawed) }
        try await flawed.mesh.send(frame(), to: weak.id)
        try await eventually("and is heard") { await weak.events.frames == [frame()] }
        await flawed.mesh.stop()
        await weak.mesh.stop()
      }
    }

    private func forgiving(
      _ network: TestNetwork, _ forgive: @escaping @Sendable (inout EvidenceFindings) -> Void
    ) -> AttestationPolicy {
      AttestationPolicy(
        allowed: [.software: [TestNetwork.measurement]],
        verifiers: [
          ForgivingVerifier(base: SoftwareEvidenceVerifier(roots: [network.root.publicKey]), forgive: forgive)
        ])
    }

    private var otherMeasurement: Case {
      Case(
        reason: "evidence-measurement", flaws: TestNetwork.Flaws(measurement: TestNetwork.measurement(8)),
        weaken: { view, _, network in view.policy = forgiving(network) { $0.measurement = TestNetwork.measurement } })
    }

    @Test func `T5 a node with another measurement is refused by both ends`() async throws {
      try await expectRefusal(otherMeasurement)
    }

    @Test func `T5 N a verifier that does not look at the measurement lets it in`() async throws {
      try await expectEntry(otherMeasurement)
    }

    private var otherRoot: Case {
      Case(
        reason: "evidence-endorsement", flaws: TestNetwork.Flaws(root: DevelopmentRoot()),
        weaken: { view, _, network in view.policy = forgiving(network) { $0.faults = [] } })
    }

    @Test func `T5 evidence under another development root is refused by both ends`() async throws {
      try await expectRefusal(otherRoot)
    }

    @Test func `T5 N a verifier that does not follow the endorsement to its root lets it in`() async throws {
      try await expectEntry(otherRoot)
    }

    private var notListed: Case {
      Case(
        reason: "not-a-member", prepare: { view, node in view.members[node.id] = nil },
        weaken: { view, node, _ in view.members[node.id] = try node.expected() })
    }

    @Test func `T4 a genuine node that is not a member is refused`() async throws {
      try await refusalOfDialler(notListed.reason, prepare: notListed.prepare)
    }

    @Test func `T4 N an end that takes every attested node for a member lets it in`() async throws {
      try await expectEntry(notListed)
    }

    private var unstaked: Case {
      Case(
        reason: "insufficient-stake", prepare: { view, node in view.members[node.id]?.hasSufficientStake = false },
        weaken: { view, node, _ in view.members[node.id]?.hasSufficientStake = true })
    }

    @Test func `T8 a member with too little stake is refused by both ends`() async throws {
      try await expectRefusal(unstaked)
    }

    @Test func `T8 N an end that does not ask for stake lets it in`() async throws {
      try await expectEntry(unstaked)
    }

    private var otherIdentityKey: Case {
      Case(
        reason: "wrong-identity-key", prepare: { view, node in view.members[node.id]?.identityKey[0] ^= 1 },
        weaken: { view, node, _ in view.members[node.id]?.identityKey = node.identity.certificate.binding.identityKey })
    }

    @Test func `T2 an identity key the registry does not name is refused by both ends`() async throws {
      try await expectRefusal(otherIdentityKey)
    }

    @Test func `T2 N an end that takes the identity key from the certificate lets it in`() async throws {
      try await expectEntry(otherIdentityKey)
    }

    private var otherAnchor: Case {
      Case(
        reason: "stale-anchor", flaws: TestNetwork.Flaws(anchor: Digest32.zero),
        weaken: { view, _, _ in view.anchors.insert(Digest32.zero) })
    }

    @Test func `T3 a certificate made without this registry in sight is refused`() async throws {
      try await expectRefusal(otherAnchor)
    }

    @Test func `T3 N an end that does not look at the anchor lets it in`() async throws {
      try await expectEntry(otherAnchor)
    }

    @Test func `T2 a node of another network is refused by both ends`() async throws {
      let flaws = TestNetwork.Flaws(network: NetworkID.zero)
      try await refusalOfDialler("wrong-network", flaws: flaws)
      try await refusalOfDialled("wrong-network", flaws: flaws)
    }

    @Test func `T2 N an end that belongs to whatever network the other names lets it in`() async throws {
      let network = TestNetwork()
      network.directory.change { $0.network = NetworkID.zero }
      let flaws = TestNetwork.Flaws(network: NetworkID.zero)
      let (other, weak) = (try await network.node(1, flaws: flaws), try await network.node(2, flaws: flaws))
      try network.introduce(other, weak)
      try await eventually("it gets in, \(weak.allRefusals)") { await areLinked(other, weak) }
      await other.mesh.stop()
      await weak.mesh.stop()
    }

    @Test func `T2 whoever has the development root and everything else but the identity key impersonates nobody`()
      async throws
    {
      // The flawed node announces the member's real key, has genuine evidence for it, and signs with its own.
      let network = TestNetwork()
      let member = try await network.identity(1)
      let flaws = TestNetwork.Flaws(announcedKey: member.signer.publicKey)
      try await refusalOfDialler("identity-signature", flaws: flaws, network: network)
      let other = TestNetwork()
      let dialled = try await other.identity(2)
      let otherFlaws = TestNetwork.Flaws(announcedKey: dialled.signer.publicKey)
      try await refusalOfDialled("identity-signature", flaws: otherFlaws, network: other)
    }

    @Test func `T2 N an end that looks at no signature believes whoever has the root`() async throws {
      let network = TestNetwork()
      let member = try await network.identity(1)
      let impostor = try await network.identity(1, flaws: TestNetwork.Flaws(announcedKey: member.signer.publicKey))
      #expect(try await network.letsIn(impostor, without: .identitySignature))
      #expect(try await !network.letsIn(impostor, without: []))
    }

    /// A member's evidence as anybody who connected to it has seen it.
    private func evidence(of byte: UInt8, in network: TestNetwork) async throws -> TestNetwork.Flaws {
      let genuine = try await network.identity(byte)
      let seen = try UnverifiedNodeCertificate(der: genuine.certificate.der).evidence
      return TestNetwork.Flaws(attester: RecordedAttester(evidence: seen))
    }

    @Test func `T2 a certificate with evidence for another key is refused by both ends`() async throws {
      let network = TestNetwork()
      try await refusalOfDialler(
        "evidence-report-data", flaws: evidence(of: 1, in: network), network: network)
      let other = TestNetwork()
      try await refusalOfDialled("evidence-report-data", flaws: evidence(of: 2, in: other), network: other)
    }

    @Test func `T2 N an end that does not ask what the evidence vouches for lets it in`() async throws {
      let network = TestNetwork()
      let borrower = try await network.identity(1, flaws: evidence(of: 1, in: network))
      #expect(try await !network.letsIn(borrower, without: .evidence))
      let isLetIn = try await network.letsIn(
        borrower, without: .evidence,
        forgive: { certificate, findings in findings.reportData = certificate.binding.reportData })
      #expect(isLetIn)
    }

    @Test func `T3 N an end that asks the certificate what time it is lets expired and future ones in`() async throws {
      for shift in [-2 * 86_400, 3_600] as [Int64] {
        let network = TestNetwork()
        let flaws = TestNetwork.Flaws(now: SystemClock().wall.adding(seconds: shift))
        let flawed = try await network.identity(1, flaws: flaws)
        #expect(try await !network.letsIn(flawed, without: []))
        let isLetIn = try await network.letsIn(
          flawed, without: [], at: { $0.binding.notBefore }, forgive: { _, findings in findings.faults = [] })
        #expect(isLetIn)
      }
    }

    @Test func `T3 an expired certificate is refused by both ends`() async throws {
      let twoDaysAgo = SystemClock().wall.adding(seconds: -2 * 86_400)
      // The node renews it in time when it can; this one cannot, because its clock stands still.
      try await refusalOfStoppedClock("certificate-expired", now: twoDaysAgo)
    }

    @Test func `T3 a certificate of the future is refused`() async throws {
      try await refusalOfStoppedClock("certificate-not-yet-valid", now: SystemClock().wall.adding(seconds: 3_600))
    }

    private func refusalOfStoppedClock(_ reason: String, now: Timestamp) async throws {
      let network = TestNetwork()
      let flawed = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let honest = try await network.attackedNode(2)
      try network.list(flawed, port: 1)
      _ = try? await ScriptedPeer(identity: flawed, directory: network.directory).dial(honest) { stage, source in
        await stage.waitForClose(&source)
      }
      try await honest.expectRefusal(reason, .incoming)
      // And as the one that is dialled.
      let dialled = try await network.identity(4, flaws: TestNetwork.Flaws(now: now))
      let dialler = try await network.attackedNode(3, directory: network.directory.copy())
      let listener = try await ScriptedPeer(identity: dialled, directory: network.directory).listen { _, _ in }
      try network.list(dialled, port: listener.port, in: dialler.directory)
      try await dialler.expectRefusal(reason, .outgoing)
      await listener.stop()
    }

    @Test func `T3 a genuine member in another member's place is refused`() async throws {
      let network = TestNetwork()
      // `c` knows of nobody: that it is listed must not bring it a link with the honest peer of `a`.
      let c = try await network.node(3, directory: network.directory.copy())
      let (a, b) = (try await network.attackedNode(1), try await network.node(2))
      // The registry of `a` says that `c` lives where `b` is: a diversion to a genuine node with the same measurement.
      let diverted = try b.expected().peerEndpoint
      let entry = try c.expected()
      a.directory.change { view in
        view.members[c.id] = entry
        view.members[c.id]?.peerEndpoint = diverted
      }
      try await a.expectRefusal("wrong-node", .outgoing)
      for node in [b, c] { await node.mesh.stop() }
    }

    @Test func `T9 a node with a greater identifier does not dial`() async throws {
      let network = TestNetwork()
      let dialler = try await network.identity(9)
      let honest = try await network.attackedNode(2)
      try network.list(dialler, port: 1)
      _ = try? await ScriptedPeer(identity: dialler, directory: network.directory).dial(honest) { stage, source in
        await stage.waitForClose(&source)
      }
      try await honest.expectRefusal("wrong-direction", .incoming)
    }

    @Test func `a node whose own view of the registry is too old believes nobody and cuts everybody`() async throws {
      let network = TestNetwork()
      let (a, b) = (try await network.node(1), try await network.node(2))
      try network.introduce(a, b)
      try await eventually("the link is up") { await areLinked(a, b) }
      network.directory.goStale()
      try await eventually("both cut the link") {
        await all([a, b]) { await $0.events.downs.count == 1 }
      }
      #expect(await a.mesh.peers.isEmpty)
      await #expect(throws: PeerSendError.notConnected) { try await a.mesh.send(frame(), to: b.id) }
      await a.mesh.stop()
      await b.mesh.stop()
    }

    @Test func `T8 a member that leaves, is slashed or runs code no longer allowed is cut at once`() async throws {
      let changes: [(inout PeerView, NodeID) -> Void] = [
        { view, node in view.members[node] = nil },
        { view, node in view.members[node]?.hasSufficientStake = false },
        { view, node in view.members[node]?.identityKey[31] ^= 1 },
        { view, _ in view.policy = AttestationPolicy(allowed: [.software: []], verifiers: []) },
      ]
      for change in changes {
        let network = TestNetwork()
        let theirs = network.directory.copy()
        let a = try await network.node(1)
        let b = try await network.node(2, directory: theirs)
        try network.introduce(a, b)
        let members = try #require(network.directory.view()).members
        theirs.change { $0.members = members }
        try await eventually("the link is up") { await areLinked(a, b) }
        network.directory.change { change(&$0, b.id) }
        // Not a frame passes after the change, in either direction.
        await #expect(throws: PeerSendError.notConnected) { try await a.mesh.send(frame(), to: b.id) }
        try? await b.mesh.send(frame(), to: a.id)
        try await eventually("the link is cut") { await a.events.downs.count == 1 }
        #expect(await a.events.frames.isEmpty)
        let end = try #require(await a.events.downs.first)
        if case .refused = end {} else { Issue.record("ended as \(end)") }
        await a.mesh.stop()
        await b.mesh.stop()
      }
    }
  }
}
