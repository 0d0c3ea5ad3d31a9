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
  }
}
