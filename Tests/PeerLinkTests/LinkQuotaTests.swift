import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Synchronization
import Testing
import Wire

extension Loopback {
  /// What an established and genuine peer may not do.
  @Suite struct LinkQuotaTests {
    private func scene(
      _ limits: PeerLinkLimits, script: (ScriptedPeer.Stage, TestNode, inout FrameSource) async throws -> Void
    ) async throws -> TestNode {
      let network = TestNetwork()
      let honest = try await network.node(2, limits: limits)
      let identity = try await network.identity(1)
      try network.introduce(honest)
      let endpoint = try Endpoint(host: "127.0.0.1", port: 1)
      network.directory.change { view in
        view.members[identity.node] = ExpectedMember(
          identityKey: identity.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint,
          clientEndpoint: endpoint)
      }
      try await ScriptedPeer(identity: identity, directory: network.directory).dial(honest) { stage, source in
        _ = try await stage.shakeHands(with: honest.id, &source)
        try await eventually("the link is up") { await honest.events.ups.count == 1 }
        try await script(stage, honest, &source)
      }
      return honest
    }

    @Test func `P12 a peer that sends more frames than its allowance is cut`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.framesPerSecond = 1
      limits.frameBurst = 50
      let honest = try await scene(limits) { stage, _, source in
        for _ in 0..<200 { try stage.wire.send(.peer(frame())) }
        await stage.waitForClose(&source)
      }
      try await eventually("cut") { await honest.events.downs == [.tooManyFrames] }
      #expect(await honest.events.frames.count <= 51)
      await honest.mesh.stop()
    }

    @Test func `P12 frames for a node that does not keep up are bounded in number`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.inboundQueueFrames = 20
      let honest = try await scene(limits) { stage, honest, source in
        await honest.events.block(true)
        for _ in 0..<200 { try stage.wire.send(.peer(frame())) }
        await stage.waitForClose(&source)
        await honest.events.block(false)
      }
      try await eventually("cut") { await honest.events.downs == [.inboundQueueFull] }
      #expect(await honest.events.frames.count <= 22)
      await honest.mesh.stop()
    }

    @Test func `P12 frames for a node that does not keep up are bounded in bytes`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.inboundQueueBytes = 100_000
      let honest = try await scene(limits) { stage, honest, source in
        await honest.events.block(true)
        for _ in 0..<20 { try stage.wire.send(.peer(frame(payload: [UInt8](repeating: 0, count: 30_000)))) }
        await stage.waitForClose(&source)
        await honest.events.block(false)
      }
      try await eventually("cut") { await honest.events.downs == [.inboundQueueFull] }
      #expect(await honest.events.frames.count <= 5)
      await honest.mesh.stop()
    }

    @Test func `T14 a peer that does not take its frames is cut, and the rest is not kept for it`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.outboundQueueBytes = 2 << 20
      limits.silence = .seconds(30)
      let network = TestNetwork()
      let (a, b) = (try await network.node(1, limits: limits), try await network.node(2, limits: limits))
      let proxy = try await FaultProxy(to: b.port)
      try network.introduce(a, b, detours: [b.id: proxy.port])
      try await eventually("the link is up") { await areLinked(a, b) }
      await proxy.freeze()
      let large = frame(payload: [UInt8](repeating: 0, count: 500_000))
      await #expect(throws: PeerSendError.queueFull) {
        // The kernel takes some megabytes before our own queue fills.
        for _ in 0..<200 { try await a.mesh.send(large, to: b.id) }
      }
      await #expect(throws: PeerSendError.notConnected) { try await a.mesh.send(frame(), to: b.id) }
      try await eventually("cut") { await a.events.downs == [.slowReader] }
      await a.mesh.stop()
      await proxy.stop()
      await b.mesh.stop()
    }

    @Test func `T11 a length above a mebibyte ends the link though nothing follows it`() async throws {
      let honest = try await scene(.forTests) { stage, _, source in
        stage.send(raw: [1], length: UInt32(PeerFrameLimits.frame + 1))
        await stage.waitForClose(&source)
      }
      try await eventually("ended") { await honest.events.downs == [.oversizedFrame] }
      await honest.mesh.stop()
    }

    @Test func `T13 bytes that are no frame end the link`() async throws {
      let honest = try await scene(.forTests) { stage, _, source in
        stage.send(raw: [0x82, 0x01, 0x00])
        await stage.waitForClose(&source)
      }
      try await eventually("ended") { await honest.events.downs == [.malformedFrame] }
      await honest.mesh.stop()
    }

    /// A member that proves itself, leaves and comes again, as often as it can.
    /// - Returns: how many of the attempts were let in.
    private func comeAgain(_ count: Int, at honest: TestNode, of network: TestNetwork) async throws -> Int {
      let identity = try await network.identity(1)
      try network.list(identity, port: 1)
      let peer = ScriptedPeer(identity: identity, directory: network.directory)
      for attempt in 0..<count {
        _ = try? await peer.dial(honest) { stage, source in
          _ = try await stage.shakeHands(with: honest.id, &source)
          try await eventually("link \(attempt) is up or refused") {
            let ups = await honest.eventsOfOthers().count { if case .up = $0 { true } else { false } }
            return ups > attempt || honest.refusals("too-many-links", "incoming") > 0
          }
        }
      }
      return await honest.eventsOfOthers().count { if case .up = $0 { true } else { false } }
    }

    @Test func `T10 a member that connects in a loop is turned away at its certificate, until its time has come`()
      async throws
    {
      var limits = PeerLinkLimits.forTests
      limits.linkBurstOfMember = 3
      limits.linksPerSecondOfMember = 0
      let network = TestNetwork()
      let honest = try await network.attackedNode(2, limits: limits)
      #expect(try await comeAgain(6, at: honest, of: network) == 3)
      try await eventually("the others were refused") { honest.refusals("too-many-links", "incoming") == 3 }
      #expect(await honest.events.ups.filter { $0.node == honest.bystander?.id }.count == 1)
      #expect(await areLinked(honest, try #require(honest.bystander)))
      await honest.mesh.stop()
      await honest.bystander?.mesh.stop()
    }

    @Test func `T10 N without an allowance the same loop goes on for ever`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.linkBurstOfMember = 1_000
      let network = TestNetwork()
      let honest = try await network.attackedNode(2, limits: limits)
      #expect(try await comeAgain(6, at: honest, of: network) == 6)
      await honest.mesh.stop()
      await honest.bystander?.mesh.stop()
    }

    @Test func `T10 links of a member are counted each for itself, and come back at their rate`() {
      let allowance = LinkAllowance(perSecond: 1, burst: 2)
      for _ in 0..<2 {
        #expect(allowance.hasRoom(for: id(1), now: .seconds(5)))
        allowance.count(id(1), now: .seconds(5))
      }
      #expect(!allowance.hasRoom(for: id(1), now: .milliseconds(5_900)))
      #expect(allowance.hasRoom(for: id(2), now: .milliseconds(5_900)))
      #expect(allowance.hasRoom(for: id(1), now: .seconds(6)))
      #expect(allowance.hasRoom(for: id(1), now: .seconds(6)), "asking uses nothing up")
    }
  }
}
