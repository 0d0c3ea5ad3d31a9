import Identifiers
import Wire

/// The renewal of both ends' proofs on an established link.
///
/// The initiator of the link challenges, the responder challenges back, the initiator proves, the responder proves: the
/// same order as in the handshake. Every other order is a violation.
struct Reattestation: Sendable {
  private enum State {
    case idle
    /// The initiator waits for the responder's nonce.
    case challenged(Digest32, since: Duration)
    /// Either end waits for the other's proof.
    case awaitingProof(LiveProofs.Nonces, since: Duration)
  }

  private let side: LiveProofs.Side
  private let limits: PeerLinkLimits
  private var state = State.idle
  private var lastProof: Duration

  init(side: LiveProofs.Side, limits: PeerLinkLimits, now: Duration) {
    self.side = side
    self.limits = limits
    lastProof = now
  }

  /// What to do at a moment in which nothing was received.
  enum Tick: Sendable, Hashable {
    case wait
    case challenge(Digest32)
    case end(LinkEnd)
  }

  mutating func tick(now: Duration, freshNonce: Digest32) -> Tick {
    guard now - lastProof <= limits.maximumProofAge else { return .end(.proofTooOld) }
    switch state {
    case .challenged(_, let since), .awaitingProof(_, let since):
      return now - since <= limits.handshake ? .wait : .end(.refused(.deadline))
    case .idle:
      guard side == .initiator, now - lastProof >= limits.reattestAfter else { return .wait }
      state = .challenged(freshNonce, since: now)
      return .challenge(freshNonce)
    }
  }

  /// What to do with the other end's challenge.
  enum Answer: Sendable, Hashable {
    case challenge(Digest32)
    case prove(LiveProofs.Nonces)
  }

  mutating func received(challenge nonce: Digest32, now: Duration, freshNonce: Digest32) throws(LinkEnd) -> Answer {
    switch (side, state) {
    case (.initiator, .challenged(let own, _)):
      let nonces = LiveProofs.Nonces(initiator: own, responder: nonce)
      state = .awaitingProof(nonces, since: now)
      return .prove(nonces)
    case (.responder, .idle):
      guard now - lastProof >= limits.minimumProofInterval else { throw .unexpectedFrame }
      let nonces = LiveProofs.Nonces(initiator: nonce, responder: freshNonce)
      state = .awaitingProof(nonces, since: now)
      return .challenge(freshNonce)
    default:
      throw .unexpectedFrame
    }
  }

  /// The nonces the proof that just came must be over.
  mutating func receivedProof() throws(LinkEnd) -> LiveProofs.Nonces {
    guard case .awaitingProof(let nonces, _) = state else { throw .unexpectedFrame }
    return nonces
  }

  /// The other end's proof was right. The responder still owes its own.
  mutating func verified(now: Duration) -> LiveProofs.Nonces? {
    guard case .awaitingProof(let nonces, _) = state else { return nil }
    state = .idle
    lastProof = now
    return side == .responder ? nonces : nil
  }
}
