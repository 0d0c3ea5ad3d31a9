import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Synchronization
import Testing
import Wire

extension Loopback {
  /// A genuine member that departs from the handshake in one place.
  @Suite struct HandshakeScriptTests {
    private struct Scene {
      let network = TestNetwork()
      let honest: TestNode
      let peer: ScriptedPeer

      init(limits: PeerLinkLimits = .forTests) async throws {
        honest = try await network.attackedNode(2, limits: limits)
        let identity = try await network.identity(1)
        peer = ScriptedPeer(identity: identity, directory: network.directory)
        try network.list(identity, port: 1)
      }

      func expectRefusal(
        _ reason: String, sourceLocation: SourceLocation = #_sourceLocation,
        script: (ScriptedPeer.Stage, inout FrameSource) async throws -> Void
      ) async throws {
        _ = try? await peer.dial(honest) { stage, source in
          try await script(stage, &source)
          await stage.waitForClose(&source)
        }
        try await honest.expectRefusal(reason, .incoming, sourceLocation: sourceLocation)
      }

      func stop() async {
        await honest.mesh.stop()
        await honest.bystander?.mesh.stop()
      }

      var downs: [LinkEnd] {
        get async {
          await honest.eventsOfOthers().compactMap { if case .down(_, let end) = $0 { end } else { nil } }
        }
      }
    }

    @Test func `a member that follows the handshake is let in`() async throws {
      let scene = try await Scene()
      try await scene.peer.dial(scene.honest) { stage, source in
        _ = try await stage.shakeHands(with: scene.honest.id, &source)
        try stage.wire.send(.peer(frame()))
        try await eventually("the frame arrived") { await scene.honest.events.frames == [frame()] }
      }
      try await eventually("the end was seen") { await scene.downs == [.closedByPeer] }
      await scene.stop()
    }

    @Test func `T15 every wrong field of a hello is refused for itself`() async throws {
      let cases: [(String, (inout PeerHello) -> Void)] = [
        ("wrong-network", { $0.network = NetworkID.zero }),
        ("wrong-version", { $0.version = 2 }),
        ("wrong-node", { $0.from = id(3) }),
        ("wrong-node", { $0.to = id(3) }),
        ("wrong-instance", { $0.instance = Instance.zero }),
        ("wrong-epoch", { $0.epoch += 2 }),
      ]
      for (reason, change) in cases {
        let scene = try await Scene()
        try await scene.expectRefusal(reason) { stage, _ in
          try stage.wire.send(.hello(stage.hello(to: scene.honest.id, changing: change)))
        }
      }
    }

    @Test func `T15 one epoch of difference is a change of epoch under way`() async throws {
      let scene = try await Scene()
      try await scene.peer.dial(scene.honest) { stage, source in
        var early = stage.view
        early.epoch += 1
        let ahead = ScriptedPeer.Stage(
          tls: stage.tls, wire: stage.wire, channel: stage.channel, view: early, identity: stage.identity)
        _ = try await ahead.shakeHands(with: scene.honest.id, &source)
        try await eventually("the link is up") { await scene.honest.events.ups.last?.epoch == 4 }
      }
      await scene.stop()
    }

    @Test func `T9 anything but a hello first, and anything but a proof after it, is refused`() async throws {
      let others: [LinkFrame] = [
        .peer(frame()), .challenge(nonce: Digest32.zero),
        .keepAlive(epoch: 3, registry: RegistryPosition(number: 0, digest: Digest32.zero)),
      ]
      for other in others {
        let first = try await Scene()
        try await first.expectRefusal("unexpected-frame") { stage, _ in try stage.wire.send(other) }
        let second = try await Scene()
        try await second.expectRefusal("unexpected-frame") { stage, source in
          try stage.wire.send(.hello(stage.hello(to: second.honest.id)))
          _ = try await source.next()
          try stage.wire.send(other)
        }
      }
    }

    @Test func `T3 a proof of an earlier connection is refused`() async throws {
      let scene = try await Scene()
      let recorded = try await scene.peer.dial(scene.honest) { stage, source in
        try stage.wire.send(.hello(stage.hello(to: scene.honest.id)))
        guard case .hello(let theirs) = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
        let nonces = LiveProofs.Nonces(initiator: Digest32.zero, responder: theirs.nonce)
        return try await stage.proofs(.initiator, epoch: 3).prove(nonces, as: stage.identity)
      }
      try await scene.expectRefusal("live-evidence-report-data") { stage, source in
        try stage.wire.send(.hello(stage.hello(to: scene.honest.id)))
        _ = try await source.next()
        try stage.wire.send(.proof(recorded))
      }
    }

    @Test func `T3 N without exporter and nonces a proof of an earlier connection is believed`() async throws {
      let network = TestNetwork()
      let (victim, verifier) = (try await network.identity(1), try await network.identity(2))
      try network.list(victim, port: 1)
      func replay(_ omitted: WeakHandshake.Omissions) async throws -> Bool {
        let weak = WeakHandshake(without: omitted)
        let believed = Believed()
        let end = ScriptedPeer(identity: verifier, directory: network.directory)
        let listener = try await end.listen { stage, source in
          try await weak.answer(stage, &source)
          believed.note()
        }
        try network.list(verifier, port: listener.port)
        let peer = ScriptedPeer(identity: victim, directory: network.directory)
        // The victim proves itself once, and leaves; whoever recorded the proof says the same on the next connection.
        let recorded = try await peer.dial(verifier.node, port: listener.port) { stage, source in
          try stage.wire.send(.hello(stage.hello(to: verifier.node)))
          guard case .hello(let theirs) = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
          return try await weak.prove(stage, .initiator, .init(initiator: Digest32.zero, responder: theirs.nonce))
        }
        _ = try? await peer.dial(verifier.node, port: listener.port) { stage, source in
          try stage.wire.send(.hello(stage.hello(to: verifier.node)))
          _ = try await source.next()
          try stage.wire.send(.proof(recorded))
          _ = try await source.next()
          try stage.wire.send(.keepAlive(epoch: stage.view.epoch, registry: stage.view.registry))
          await stage.waitForClose(&source)
        }
        await listener.stop()
        return believed.isNoted
      }
      #expect(try await replay([.exporter, .nonces]))
      #expect(try await !replay(.exporter))
      #expect(try await !replay(.nonces))
      #expect(try await !replay([]))
    }

    @Test func `T2 a proof over another connection's exporter is refused`() async throws {
      let scene = try await Scene()
      try await scene.expectRefusal("live-evidence-report-data") { stage, source in
        try stage.wire.send(.hello(stage.hello(to: scene.honest.id)))
        guard case .hello(let theirs) = try await source.next() else { return }
        let honest = try stage.proofs(.initiator, epoch: 3)
        let other = LiveProofs(
          network: honest.network, epoch: 3, side: .initiator, own: honest.own, peer: honest.peer,
          exporter: try TLSExporter.constant())
        let nonces = LiveProofs.Nonces(initiator: Digest32.zero, responder: theirs.nonce)
        try stage.wire.send(.proof(await other.prove(nonces, as: stage.identity)))
      }
    }

    @Test func `T9 a proof in the other end's role is refused`() async throws {
      let scene = try await Scene()
      try await scene.expectRefusal("live-evidence-report-data") { stage, source in
        try stage.wire.send(.hello(stage.hello(to: scene.honest.id)))
        guard case .hello(let theirs) = try await source.next() else { return }
        let honest = try stage.proofs(.initiator, epoch: 3)
        let turned = LiveProofs(
          network: honest.network, epoch: 3, side: .responder, own: honest.peer, peer: honest.own,
          exporter: honest.exporter)
        let nonces = LiveProofs.Nonces(initiator: Digest32.zero, responder: theirs.nonce)
        try stage.wire.send(.proof(await turned.prove(nonces, as: stage.identity)))
      }
    }

    /// Sends a dialler's own proof back to it.
    private func mirror(_ identity: NodeIdentity, _ network: TestNetwork) async throws -> ScriptedPeer.Listener {
      try await ScriptedPeer(identity: identity, directory: network.directory).listen { stage, source in
        guard case .hello(let theirs) = try await source.next() else { return }
        try stage.wire.send(.hello(stage.hello(to: theirs.from)))
        guard case .proof(let proof) = try await source.next() else { return }
        try stage.wire.send(.proof(proof))
        await stage.waitForClose(&source)
      }
    }

    @Test func `T9 a dialler's own proof sent back to it is refused`() async throws {
      let network = TestNetwork()
      let identity = try await network.identity(2)
      let listener = try await mirror(identity, network)
      let honest = try await network.attackedNode(1)
      try network.list(identity, port: listener.port)
      try await honest.expectRefusal("live-evidence-report-data", .outgoing)
      await listener.stop()
    }

    @Test func `T9 N a dialler whose proof names no role, and that looks at no signature, believes its own proof`()
      async throws
    {
      let network = TestNetwork()
      let (identity, dialler) = (try await network.identity(2), try await network.identity(1))
      let listener = try await mirror(identity, network)
      try network.list(identity, port: listener.port)
      try network.list(dialler, port: 1)
      func dial(_ omitted: WeakHandshake.Omissions) async throws {
        try await ScriptedPeer(identity: dialler, directory: network.directory)
          .dial(identity.node, port: listener.port) { stage, source in
            try await WeakHandshake(without: omitted).dial(stage, &source)
          }
      }
      try await dial([.role, .identitySignature])
      // Each of the two is enough to stop it.
      await #expect(throws: HandshakeRefusal.identitySignature) { try await dial(.role) }
      await #expect(throws: HandshakeRefusal.self) { try await dial(.identitySignature) }
      await listener.stop()
    }

    @Test func `T11 an oversized frame before the proof ends the connection before it is stored`() async throws {
      let scene = try await Scene()
      try await scene.expectRefusal("oversized-frame") { stage, _ in
        // As large as an established link may send, and too large for a stranger.
        try stage.wire.send(.peer(frame(payload: [UInt8](repeating: 0, count: PeerFrameLimits.handshakeFrame))))
      }
    }

    @Test func `T13 bytes that are no frame are refused`() async throws {
      let scene = try await Scene()
      try await scene.expectRefusal("malformed-frame") { stage, _ in stage.send(raw: [0xFF, 0xFF]) }
    }

    @Test func `T10 a handshake that stalls after TLS is ended at the deadline`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.handshake = .milliseconds(300)
      let scene = try await Scene(limits: limits)
      try await scene.expectRefusal("deadline") { stage, source in
        try stage.wire.send(.hello(stage.hello(to: scene.honest.id)))
      }
    }

    @Test func `T10 frames of all kinds that do not belong on an established link end it`() async throws {
      for (frame, end) in [
        (
          LinkFrame.proof(
            PeerProof(evidenceKind: "software", evidence: [], identitySignature: [UInt8](repeating: 0, count: 64))),
          LinkEnd.unexpectedFrame
        ),
        (.challenge(nonce: Digest32.zero), .unexpectedFrame),
      ] {
        let scene = try await Scene()
        try await scene.peer.dial(scene.honest) { stage, source in
          _ = try await stage.shakeHands(with: scene.honest.id, &source)
          try stage.wire.send(frame)
          await stage.waitForClose(&source)
        }
        try await eventually("the link ended") { await scene.downs == [end] }
        await scene.stop()
      }
      let scene = try await Scene()
      try await scene.peer.dial(scene.honest) { stage, source in
        _ = try await stage.shakeHands(with: scene.honest.id, &source)
        try stage.wire.send(.hello(stage.hello(to: scene.honest.id)))
        await stage.waitForClose(&source)
      }
      try await eventually("the link ended") { await scene.downs == [.unexpectedFrame] }
      await scene.stop()
    }
  }
}

/// Whether something happened, told from another task.
final class Believed: Sendable {
  private let count = Atomic<Int>(0)

  func note() { count.add(1, ordering: .relaxed) }
  var isNoted: Bool { count.load(ordering: .relaxed) > 0 }
}
