import Attestation
import Identifiers
import Synchronization
import Wire

/// Runs one established link: reads its frames, keeps it alive, renews its proofs, and notices when it is dead or no
/// longer allowed.
struct LinkRun: Sendable {
  let link: PeerLink
  let identity: NodeIdentity
  let ownNotAfter: Timestamp
  let proofs: LiveProofs
  let surroundings: PeerSurroundings
  let events: EventQueue
  private let reattestation: SharedReattestation
  private let lastHeard: SharedMoment

  init(
    link: PeerLink, identity: NodeIdentity, ownNotAfter: Timestamp, proofs: LiveProofs,
    surroundings: PeerSurroundings
  ) {
    self.link = link
    self.identity = identity
    self.ownNotAfter = ownNotAfter
    self.proofs = proofs
    self.surroundings = surroundings
    let limits = surroundings.limits
    let now = surroundings.clock.monotonicNow()
    events = EventQueue(frames: limits.inboundQueueFrames, bytes: limits.inboundQueueBytes)
    reattestation = SharedReattestation(Reattestation(side: proofs.side, limits: limits, now: now))
    lastHeard = SharedMoment(now)
  }

  /// Reads until the link ends. Events go to ``events``, which is finished afterwards.
  func run(_ source: inout FrameSource) async -> LinkEnd {
    let keepingAlive = Task { await keepAlive() }
    let end = await read(&source)
    link.cut(end)
    keepingAlive.cancel()
    await keepingAlive.value
    return link.endReason ?? end
  }

  // MARK: What comes in

  private func read(_ source: inout FrameSource) async -> LinkEnd {
    let limits = surroundings.limits
    var allowance = TokenBucket(
      perSecond: limits.framesPerSecond, burst: limits.frameBurst, now: surroundings.clock.monotonicNow())
    var position = link.peer.registry
    do throws(LinkEnd) {
      while true {
        let bytes: [UInt8]
        let frame: LinkFrame
        do throws(HandshakeRefusal) {
          bytes = try await source.nextBytes()
        } catch {
          throw LinkEnd(error)
        }
        // What still comes in while the connection closes belongs to nobody.
        if let end = link.endReason { throw end }
        let now = surroundings.clock.monotonicNow()
        lastHeard.value = now
        guard allowance.take(now: now) else { throw .tooManyFrames }
        do {
          frame = try LinkFrame(decoding: bytes)
        } catch {
          throw .malformedFrame
        }
        try requireStillAllowed()
        switch frame {
        case .peer(let frame):
          guard events.add(.frame(frame, from: link.peer), bytes: bytes.count) else { throw .inboundQueueFull }
        case .keepAlive(let epoch, let registry):
          guard registry != position else { continue }
          position = registry
          guard events.add(.registry(registry, epoch: epoch, from: link.peer), bytes: bytes.count) else {
            throw .inboundQueueFull
          }
        case .challenge(let nonce):
          try await answer(challenge: nonce)
        case .proof(let proof):
          try await check(proof)
        case .hello:
          throw .unexpectedFrame
        }
      }
    } catch {
      return error
    }
  }

  private func answer(challenge nonce: Digest32) async throws(LinkEnd) {
    let now = surroundings.clock.monotonicNow()
    let fresh = surroundings.freshNonce()
    let answer = try reattestation.change { state throws(LinkEnd) in
      try state.received(challenge: nonce, now: now, freshNonce: fresh)
    }
    switch answer {
    case .challenge(let nonce): try link.sendOwn(.challenge(nonce: nonce))
    case .prove(let nonces): try await prove(nonces)
    }
  }

  private func check(_ proof: PeerProof) async throws(LinkEnd) {
    let nonces = try reattestation.change { state throws(LinkEnd) in try state.receivedProof() }
    do throws(HandshakeRefusal) {
      guard let view = surroundings.directory.view() else { throw .registryUnavailable }
      try link.renewed(proofs.verify(proof, nonces, view: view, now: surroundings.clock.wall), view)
    } catch {
      throw .refused(error)
    }
    let now = surroundings.clock.monotonicNow()
    let owed = reattestation.change { $0.verified(now: now) }
    if let owed { try await prove(owed) }
  }

  private func prove(_ nonces: LiveProofs.Nonces) async throws(LinkEnd) {
    let proof: PeerProof
    do throws(HandshakeRefusal) {
      proof = try await proofs.prove(nonces, as: identity)
    } catch {
      throw .refused(error)
    }
    try link.sendOwn(.proof(proof))
  }

  private func requireStillAllowed() throws(LinkEnd) {
    do throws(HandshakeRefusal) {
      guard let view = surroundings.directory.view() else { throw .registryUnavailable }
      try link.requireStill(view, now: surroundings.clock.wall)
    } catch {
      throw .refused(error)
    }
  }

  // MARK: What time brings

  private func keepAlive() async {
    let limits = surroundings.limits
    var nextKeepAlive = surroundings.clock.monotonicNow()
    do throws(LinkEnd) {
      while !Task.isCancelled {
        let now = surroundings.clock.monotonicNow()
        let silentAt = lastHeard.value + limits.silence
        guard now < silentAt else { throw .silent }
        if now >= nextKeepAlive {
          try tick(now: now)
          nextKeepAlive = now + limits.keepAliveInterval
        }
        let wait = min(nextKeepAlive, silentAt) - now
        guard (try? await surroundings.clock.sleep(for: wait)) != nil else { return }
      }
    } catch {
      link.cut(error)
    }
  }

  private func tick(now: Duration) throws(LinkEnd) {
    let wall = surroundings.clock.wall
    guard wall <= ownNotAfter, wall <= link.peer.binding.notAfter else { throw .certificateExpired }
    try requireStillAllowed()
    let fresh = surroundings.freshNonce()
    switch reattestation.change({ $0.tick(now: now, freshNonce: fresh) }) {
    case .wait: break
    case .challenge(let nonce): try link.sendOwn(.challenge(nonce: nonce))
    case .end(let end): throw end
    }
    guard let view = surroundings.directory.view() else { throw .refused(.registryUnavailable) }
    try link.sendOwn(.keepAlive(epoch: view.epoch, registry: view.registry))
  }
}

/// The state machine the reader and the clock share.
private final class SharedReattestation: Sendable {
  private let state: Mutex<Reattestation>

  init(_ state: Reattestation) {
    self.state = Mutex(state)
  }

  func change<Result: Sendable, Failure: Error>(
    _ body: (inout Reattestation) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) -> Result in try body(&state) }
  }
}

private final class SharedMoment: Sendable {
  private let moment: Mutex<Duration>

  init(_ moment: Duration) {
    self.moment = Mutex(moment)
  }

  var value: Duration {
    get { moment.withLock(\.self) }
    set { moment.withLock { $0 = newValue } }
  }
}
