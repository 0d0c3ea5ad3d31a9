import Attestation
import Identifiers
import Synchronization
import Wire

/// One verified connection with another node, from the end of its handshake until it is cut.
final class PeerLink: Sendable {
  let peer: AttestedPeer
  let since: Duration
  private let wire: FrameWire
  private let end = Mutex<LinkEnd?>(nil)
  private let finish = AsyncStream<Never>.makeStream()
  private let proof: Mutex<Proof>

  /// The latest evidence of the peer, and what it was last found to fulfil.
  private struct Proof {
    var evidence: VerifiedEvidence
    var requirements: EvidenceRequirements?
  }

  init(peer: AttestedPeer, wire: FrameWire, since: Duration, requirements: EvidenceRequirements?) {
    self.peer = peer
    self.wire = wire
    self.since = since
    proof = Mutex(Proof(evidence: peer.evidence, requirements: requirements))
  }

  /// Whether the peer would still be let in: a member, with code that may run, and with evidence that fulfils what the
  /// registry asks for now.
  func requireStill(_ view: PeerView, now: Timestamp) throws(HandshakeRefusal) {
    try view.requireStill(peer)
    try proof.withLock { proof throws(HandshakeRefusal) in
      guard proof.requirements != view.policy.requirements else { return }
      do throws(AttestationRefusal) {
        proof.evidence = try view.policy.verify(
          proof.evidence.evidence, expecting: proof.evidence.reportData, now: now)
      } catch {
        throw .evidence(error)
      }
      proof.requirements = view.policy.requirements
    }
  }

  /// The peer proved itself again.
  func renewed(_ evidence: VerifiedEvidence, _ view: PeerView) throws(HandshakeRefusal) {
    guard evidence.isOfSameMachine(as: peer.evidence) else { throw .otherPlatform }
    proof.withLock { $0 = Proof(evidence: evidence, requirements: view.policy.requirements) }
  }

  var queuedBytes: Int { wire.queuedBytes }

  /// Returns at once. A peer that does not take its frames is cut.
  func send(_ frame: PeerFrame) throws(PeerSendError) {
    guard endReason == nil else { throw .notConnected }
    do {
      try wire.send(.peer(frame))
    } catch {
      throw failed(error)
    }
  }

  /// For what the link itself says.
  func sendOwn(_ frame: LinkFrame) throws(LinkEnd) {
    do {
      try wire.send(frame)
    } catch {
      cut(.slowReader)
      throw .slowReader
    }
  }

  /// Ends the link, now; the first reason counts.
  func cut(_ reason: LinkEnd) {
    end.withLock { if $0 == nil { $0 = reason } }
    wire.close()
  }

  /// Why it ended; nil while it lives.
  var endReason: LinkEnd? { end.withLock(\.self) }

  /// Returns once the last event of this link was delivered.
  func waitUntilFinished() async {
    for await _ in finish.stream {}
  }

  func markFinished() {
    finish.continuation.finish()
  }

  private func failed(_ error: FrameSendError) -> PeerSendError {
    switch error {
    case .queueFull:
      cut(.slowReader)
      return .queueFull
    case .invalid(let error):
      return .invalid(error)
    }
  }
}
