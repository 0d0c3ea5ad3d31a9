import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Testing
import Wire

extension Loopback {
  /// One node is honest, the other is wrong in one way; the honest one must refuse it for exactly that.
  @Suite struct HandshakeRefusalTests {
    /// `prepare` changes what the honest node expects of the flawed one.
    private func refusalOfDialler(
      _ reason: String, flaws: TestNetwork.Flaws = TestNetwork.Flaws(),
      network: TestNetwork = TestNetwork(), prepare: (inout PeerView, NodeID) -> Void = { _, _ in }
    ) async throws {
      let theirs = network.directory.copy()
      let flawed = try await network.node(1, flaws: flaws, directory: theirs)
      let honest = try await network.node(2)
      try network.introduce(flawed, honest)
      network.directory.change { prepare(&$0, flawed.id) }
      let honestEntry = try honest.expected()
      theirs.change { $0.members[honest.id] = honestEntry }
      try await eventually("the honest node refuses for \(reason), not for \(honest.allRefusals)") {
        honest.refusals(reason, "incoming") > 0
      }
      #expect(await honest.events.all.isEmpty)
      #expect(await flawed.events.frames.isEmpty)
      await flawed.mesh.stop()
      await honest.mesh.stop()
    }

    private func refusalOfDialled(
      _ reason: String, flaws: TestNetwork.Flaws = TestNetwork.Flaws(),
      network: TestNetwork = TestNetwork(), prepare: (inout PeerView, NodeID) -> Void = { _, _ in }
    ) async throws {
      let theirs = network.directory.copy()
      let honest = try await network.node(1)
      let flawed = try await network.node(2, flaws: flaws, directory: theirs)
      let honestEntry = try honest.expected()
      theirs.change { $0.members[honest.id] = honestEntry }
      let flawedEntry = try flawed.expected()
      network.directory.change { view in
        view.members[honest.id] = honestEntry
        view.members[flawed.id] = flawedEntry
        prepare(&view, flawed.id)
      }
      try await eventually("the honest node refuses for \(reason), not for \(honest.allRefusals)") {
        honest.refusals(reason, "outgoing") > 0
      }
      #expect(await honest.events.all.isEmpty)
      #expect(await flawed.events.all.isEmpty)
      #expect(await honest.mesh.status().peers.first?.lastProblem == reason)
      await flawed.mesh.stop()
      await honest.mesh.stop()
    }

    @Test func `T5 a node with another measurement is refused by both ends`() async throws {
      let flaws = TestNetwork.Flaws(measurement: TestNetwork.measurement(8))
      try await refusalOfDialler("evidence-measurement", flaws: flaws)
      try await refusalOfDialled("evidence-measurement", flaws: flaws)
    }

    @Test func `T4 a genuine node that is not a member is refused`() async throws {
      try await refusalOfDialler("not-a-member") { view, node in view.members[node] = nil }
    }

    @Test func `T8 a member with too little stake is refused by both ends`() async throws {
      try await refusalOfDialler("insufficient-stake") { view, node in view.members[node]?.hasSufficientStake = false }
      try await refusalOfDialled("insufficient-stake") { view, node in view.members[node]?.hasSufficientStake = false }
    }

    @Test func `T2 a node of another network is refused by both ends`() async throws {
      let flaws = TestNetwork.Flaws(network: NetworkID.zero)
      try await refusalOfDialler("wrong-network", flaws: flaws)
      try await refusalOfDialled("wrong-network", flaws: flaws)
    }

    @Test func `T2 an identity key the registry does not name is refused by both ends`() async throws {
      let change: (inout PeerView, NodeID) -> Void = { view, node in view.members[node]?.identityKey[0] ^= 1 }
      try await refusalOfDialler("wrong-identity-key", prepare: change)
      try await refusalOfDialled("wrong-identity-key", prepare: change)
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

    @Test func `T5 evidence under another development root is refused by both ends`() async throws {
      let flaws = TestNetwork.Flaws(root: DevelopmentRoot())
      try await refusalOfDialler("evidence-endorsement", flaws: flaws)
      try await refusalOfDialled("evidence-endorsement", flaws: flaws)
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
      let honest = try await network.node(2)
      let member = ExpectedMember(
        identityKey: flawed.signer.publicKey, hasSufficientStake: true,
        peerEndpoint: try Endpoint(host: "127.0.0.1", port: 1), clientEndpoint: try Endpoint(host: "127.0.0.1", port: 1)
      )
      try network.introduce(honest)
      network.directory.change { $0.members[id(1)] = member }
      _ = try? await ScriptedPeer(identity: flawed, directory: network.directory).dial(honest) { stage, source in
        await stage.waitForClose(&source)
      }
      try await eventually("the honest node refuses for \(reason), not for \(honest.allRefusals)") {
        honest.refusals(reason, "incoming") > 0
      }
      await honest.mesh.stop()
      // And as the one that is dialled.
      let dialled = try await network.identity(4, flaws: TestNetwork.Flaws(now: now))
      let dialler = try await network.node(3, directory: network.directory.copy())
      let listener = try await ScriptedPeer(identity: dialled, directory: network.directory).listen { _, _ in }
      let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(listener.port))
      dialler.directory.change { view in
        view.members = [
          id(4): ExpectedMember(
            identityKey: dialled.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint,
            clientEndpoint: endpoint)
        ]
      }
      try await eventually("the dialler refuses for \(reason), not for \(dialler.allRefusals)") {
        dialler.refusals(reason, "outgoing") > 0
      }
      await dialler.mesh.stop()
      await listener.stop()
    }

    @Test func `T3 a certificate made without this registry in sight is refused`() async throws {
      let flaws = TestNetwork.Flaws(anchor: Digest32.zero)
      try await refusalOfDialler("stale-anchor", flaws: flaws)
      try await refusalOfDialled("stale-anchor", flaws: flaws)
    }

    @Test func `T3 a genuine member in another member's place is refused`() async throws {
      let network = TestNetwork()
      let (a, b, c) = (try await network.node(1), try await network.node(2), try await network.node(3))
      // The registry of `a` says that `c` lives where `b` is: a diversion to a genuine node with the same measurement.
      let diverted = try b.expected().peerEndpoint
      let entry = try c.expected()
      a.directory.change { view in
        view.members = [c.id: entry]
        view.members[c.id]?.peerEndpoint = diverted
      }
      try await eventually("refused as the wrong node") { a.refusals("wrong-node", "outgoing") > 0 }
      for node in [a, b, c] { await node.mesh.stop() }
    }

    @Test func `T9 a node with a greater identifier does not dial`() async throws {
      let network = TestNetwork()
      let dialler = try await network.identity(9)
      let honest = try await network.node(2)
      try network.introduce(honest)
      let member = ExpectedMember(
        identityKey: dialler.signer.publicKey, hasSufficientStake: true,
        peerEndpoint: try honest.expected().peerEndpoint,
        clientEndpoint: try honest.expected().clientEndpoint)
      network.directory.change { $0.members[id(9)] = member }
      _ = try? await ScriptedPeer(identity: dialler, directory: network.directory).dial(honest) { stage, source in
        await stage.waitForClose(&source)
      }
      try await eventually("refused for its direction") { honest.refusals("wrong-direction", "incoming") > 0 }
      await honest.mesh.stop()
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
