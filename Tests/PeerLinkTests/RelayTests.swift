import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Synchronization
import Testing
import Wire

extension Loopback {
  /// Somebody between two genuine nodes who has the development root, and so certificates with genuine evidence in
  /// either node's name for a TLS key of its own; everything but the two identity keys.
  @Suite struct RelayTests {
    private struct Scene {
      let network = TestNetwork()
      let dialler: NodeIdentity
      let dialled: NodeIdentity
      /// The two as the one in between presents them.
      let asDialler: NodeIdentity
      let asDialled: NodeIdentity

      init() async throws {
        dialler = try await network.identity(1)
        dialled = try await network.identity(2)
        asDialler = try await Self.inTheName(of: dialler, network)
        asDialled = try await Self.inTheName(of: dialled, network)
      }

      static func inTheName(of identity: NodeIdentity, _ network: TestNetwork) async throws -> NodeIdentity {
        let flaws = TestNetwork.Flaws(announcedKey: identity.signer.publicKey, instance: identity.instance)
        return try await network.identity(identity.node.bytes[0], flaws: flaws)
      }

      typealias Change = @Sendable (PeerProof, LiveProofs, LiveProofs.Nonces) async throws -> PeerProof

      /// Passes every frame on as it is, or as `change` makes it, and keeps what it sees after the handshake.
      func relay(
        to port: Int, seen: Seen = Seen(), change: @escaping Change = { proof, _, _ in proof }
      ) async throws -> ScriptedPeer.Listener {
        let far = ScriptedPeer(identity: asDialler, directory: network.directory)
        return try await ScriptedPeer(identity: asDialled, directory: network.directory).listen { near, nearSource in
          var fromNear = nearSource
          try await far.dial(asDialled.node, port: port) { far, farSource in
            guard case .hello(let first) = try await fromNear.next() else { return }
            try far.wire.send(.hello(first))
            guard case .hello(let second) = try await farSource.next() else { return }
            try near.wire.send(.hello(second))
            guard case .proof(let proof) = try await fromNear.next() else { return }
            let nonces = LiveProofs.Nonces(initiator: first.nonce, responder: second.nonce)
            try far.wire.send(.proof(await change(proof, far.proofs(.initiator, epoch: first.epoch), nonces)))
            try near.wire.send(await farSource.next())
            try far.wire.send(await fromNear.next())
            while true {
              let frame = try await fromNear.next()
              if case .peer(let frame) = frame { seen.add(frame) }
              try far.wire.send(frame)
            }
          }
        }
      }
    }

    /// What the one in between read.
    private final class Seen: Sendable {
      private let kept = Mutex<[PeerFrame]>([])
      func add(_ frame: PeerFrame) { kept.withLock { $0.append(frame) } }
      var frames: [PeerFrame] { kept.withLock(\.self) }
    }

    /// Both ends are whole nodes; the one that is dialled judges first.
    private func expectRefusal(
      _ reason: String,
      change: @escaping @Sendable (Scene, PeerProof, LiveProofs, LiveProofs.Nonces) async throws -> PeerProof
    ) async throws {
      let scene = try await Scene()
      let theirs = scene.network.directory.copy()
      let genuine = try await scene.network.attackedNode(identity: scene.dialled)
      let listener = try await scene.relay(to: genuine.port) { try await change(scene, $0, $1, $2) }
      let dialler = try await TestNode(
        identity: scene.dialler, directory: theirs, limits: .forTests, clock: SystemClock())
      try scene.network.list(scene.dialler, port: dialler.port)
      // It looks for the genuine node where the one in between listens.
      try scene.network.list(scene.dialled, port: listener.port, in: theirs)
      try await genuine.expectRefusal(reason, .incoming)
      #expect(await dialler.events.all.isEmpty)
      await dialler.mesh.stop()
      await listener.stop()
    }

    @Test func `T3 a proof relayed to a genuine node is refused`() async throws {
      try await expectRefusal("live-evidence-report-data") { _, proof, _, _ in proof }
    }

    @Test func `T3 a relayed signature with fresh evidence for the other connection is refused`() async throws {
      try await expectRefusal("identity-signature") { scene, proof, proofs, nonces in
        let own = try await proofs.prove(nonces, as: scene.asDialler)
        return PeerProof(
          evidenceKind: own.evidenceKind, evidence: own.evidence, identitySignature: proof.identitySignature)
      }
    }

    @Test func `T3 N without exporter and TLS keys in the transcript somebody in between reads everything`()
      async throws
    {
      func isRead(without omitted: WeakHandshake.Omissions) async throws -> Bool {
        let scene = try await Scene()
        try scene.network.list(scene.dialler, port: 1)
        try scene.network.list(scene.dialled, port: 1)
        let weak = WeakHandshake(without: omitted)
        let genuine = try await ScriptedPeer(identity: scene.dialled, directory: scene.network.directory)
          .listen { stage, source in
            try await weak.answer(stage, &source)
            await stage.waitForClose(&source)
          }
        let seen = Seen()
        let listener = try await scene.relay(to: genuine.port, seen: seen)
        _ = try? await ScriptedPeer(identity: scene.dialler, directory: scene.network.directory)
          .dial(scene.dialled.node, port: listener.port) { stage, source in
            try await weak.dial(stage, &source)
            try stage.wire.send(.peer(frame()))
            try await eventually("the one in between reads") { seen.frames == [frame()] }
          }
        await listener.stop()
        await genuine.stop()
        return seen.frames == [frame()]
      }
      #expect(try await isRead(without: [.exporter, .tlsKeys]))
      // Each of the two is enough to stop it.
      #expect(try await !isRead(without: .exporter))
      #expect(try await !isRead(without: .tlsKeys))
    }
  }
}
