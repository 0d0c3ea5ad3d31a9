import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Synchronization
import Testing
import Transcripts
import Wire

extension Loopback {
  @Suite struct ReattestationTests {
    // MARK: The order of steps

    private let nonce = Digest32.zero
    private let other = Digest32.sha256Of("other")
    private var limits: PeerLinkLimits { PeerLinkLimits() }
    private func machine(_ side: LiveProofs.Side) -> Reattestation {
      Reattestation(side: side, limits: limits, now: .zero)
    }

    @Test func `the initiator challenges when the proof is old enough, and not before`() {
      var initiator = machine(.initiator)
      #expect(initiator.tick(now: limits.reattestAfter - .seconds(1), freshNonce: nonce) == .wait)
      #expect(initiator.tick(now: limits.reattestAfter, freshNonce: nonce) == .challenge(nonce))
      var responder = machine(.responder)
      #expect(responder.tick(now: limits.reattestAfter, freshNonce: nonce) == .wait)
    }

    @Test func `both ends prove over both nonces and start again from there`() throws {
      let now = limits.reattestAfter
      var (initiator, responder) = (machine(.initiator), machine(.responder))
      #expect(initiator.tick(now: now, freshNonce: nonce) == .challenge(nonce))
      #expect(try responder.received(challenge: nonce, now: now, freshNonce: other) == .challenge(other))
      let nonces = LiveProofs.Nonces(initiator: nonce, responder: other)
      #expect(try initiator.received(challenge: other, now: now, freshNonce: nonce) == .prove(nonces))
      #expect(try responder.receivedProof() == nonces)
      #expect(responder.verified(now: now) == nonces)
      #expect(try initiator.receivedProof() == nonces)
      #expect(initiator.verified(now: now) == nil)
      let later = now + limits.maximumProofAge
      #expect(responder.tick(now: later, freshNonce: nonce) == .wait)
      #expect(initiator.tick(now: later, freshNonce: nonce) == .challenge(nonce))
    }

    @Test func `T3 a proof older than an hour ends the link at both ends`() {
      for side in [LiveProofs.Side.initiator, .responder] {
        var state = machine(side)
        #expect(state.tick(now: limits.maximumProofAge + .seconds(1), freshNonce: nonce) == .end(.proofTooOld))
      }
    }

    @Test func `T3 a renewal that is not finished in time ends the link`() throws {
      let now = limits.reattestAfter
      var initiator = machine(.initiator)
      _ = initiator.tick(now: now, freshNonce: nonce)
      #expect(initiator.tick(now: now + limits.handshake, freshNonce: nonce) == .wait)
      #expect(initiator.tick(now: now + limits.handshake + .seconds(1), freshNonce: nonce) == .end(.refused(.deadline)))
      var responder = machine(.responder)
      _ = try responder.received(challenge: nonce, now: now, freshNonce: other)
      #expect(responder.tick(now: now + limits.handshake + .seconds(1), freshNonce: nonce) == .end(.refused(.deadline)))
    }

    @Test func `every step out of order is a violation`() throws {
      let now = limits.reattestAfter
      for side in [LiveProofs.Side.initiator, .responder] {
        var idle = machine(side)
        #expect(throws: LinkEnd.unexpectedFrame) { _ = try idle.receivedProof() }
      }
      var unasked = machine(.initiator)
      #expect(throws: LinkEnd.unexpectedFrame) { try unasked.received(challenge: other, now: now, freshNonce: nonce) }
      var waiting = machine(.initiator)
      _ = waiting.tick(now: now, freshNonce: nonce)
      #expect(throws: LinkEnd.unexpectedFrame) { try waiting.receivedProof() }
      _ = try waiting.received(challenge: other, now: now, freshNonce: nonce)
      #expect(throws: LinkEnd.unexpectedFrame) { try waiting.received(challenge: other, now: now, freshNonce: nonce) }
      var twice = machine(.responder)
      _ = try twice.received(challenge: nonce, now: now, freshNonce: other)
      #expect(throws: LinkEnd.unexpectedFrame) { try twice.received(challenge: nonce, now: now, freshNonce: other) }
      var eager = machine(.responder)
      #expect(throws: LinkEnd.unexpectedFrame) {
        try eager.received(challenge: nonce, now: limits.minimumProofInterval - .seconds(1), freshNonce: other)
      }
    }

    // MARK: On a link

    private var impatient: PeerLinkLimits {
      var limits = PeerLinkLimits.forTests
      limits.reattestAfter = .milliseconds(150)
      limits.minimumProofInterval = .milliseconds(50)
      return limits
    }

    @Test func `T3 a long link proves itself again and again, and stays`() async throws {
      let network = TestNetwork()
      let (first, second) = (CountingAttester(network), CountingAttester(network))
      let a = try await network.node(1, flaws: TestNetwork.Flaws(attester: first), limits: impatient)
      let b = try await network.node(2, flaws: TestNetwork.Flaws(attester: second), limits: impatient)
      try network.introduce(a, b)
      try await eventually("three renewals") { first.count >= 5 && second.count >= 5 }
      #expect(await a.events.ups.count == 1)
      #expect(await b.events.ups.count == 1)
      await a.mesh.stop()
      await b.mesh.stop()
    }

    @Test func `T3 a peer that no longer can prove itself is cut`() async throws {
      let network = TestNetwork()
      let attester = CountingAttester(network)
      let a = try await network.node(1, limits: impatient)
      let b = try await network.node(2, flaws: TestNetwork.Flaws(attester: attester), limits: impatient)
      try network.introduce(a, b)
      try await eventually("the link is up") { await areLinked(a, b) }
      attester.change(measurement: TestNetwork.measurement(66))
      try await eventually("cut for its measurement") {
        if case .refused(let refusal) = await a.events.downs.first {
          return refusal.reason == "live-evidence-measurement"
        }
        return false
      }
      await a.mesh.stop()
      await b.mesh.stop()
    }

    @Test func `T3 a responder that lets a challenge go unanswered is cut`() async throws {
      var limits = impatient
      limits.handshake = .seconds(1)
      let network = TestNetwork()
      let identity = try await network.identity(2)
      let listener = try await ScriptedPeer(identity: identity, directory: network.directory).listen { stage, source in
        guard case .hello(let theirs) = try await source.next() else { return }
        try stage.wire.send(.hello(stage.hello(to: theirs.from)))
        guard case .proof = try await source.next() else { return }
        let proofs = try stage.proofs(.responder, epoch: theirs.epoch)
        let nonces = LiveProofs.Nonces(initiator: theirs.nonce, responder: Digest32.zero)
        try stage.wire.send(.proof(await proofs.prove(nonces, as: stage.identity)))
        while let frame = try? await source.next() {
          // Alive, and silent about the challenge.
          if case .keepAlive(let epoch, let registry) = frame {
            try stage.wire.send(.keepAlive(epoch: epoch, registry: registry))
          }
        }
      }
      let honest = try await network.node(1, limits: limits)
      let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(listener.port))
      try network.introduce(honest)
      network.directory.change { view in
        view.members[identity.node] = ExpectedMember(
          identityKey: identity.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint,
          clientEndpoint: endpoint)
      }
      try await eventually("cut") { await honest.events.downs.first == .refused(.deadline) }
      await honest.mesh.stop()
      await listener.stop()
    }
  }
}

extension Identifier where Kind == Digest32Kind {
  fileprivate static func sha256Of(_ text: String) -> Digest32 { .sha256(of: Array(text.utf8)) }
}

/// Counts the evidence it makes, and can start to lie.
private final class CountingAttester: EvidenceProvider {
  private let credentials: SoftwareCredentials?
  private let state = Mutex((count: 0, measurement: TestNetwork.measurement))

  init(_ network: TestNetwork) {
    credentials = try? network.root.makeCredentials(now: SystemClock().wall)
  }

  var kind: EvidenceKind { .software }
  var count: Int { state.withLock(\.count) }

  func change(measurement: Measurement) {
    state.withLock { $0.measurement = measurement }
  }

  func evidence(over reportData: ReportData) async throws -> Evidence {
    let measurement = state.withLock { state in
      state.count += 1
      return state.measurement
    }
    guard let credentials else { throw EvidenceError.kind }
    return try await SoftwareAttester(credentials: credentials, measurement: measurement).evidence(over: reportData)
  }
}
