import Attestation
import Identifiers

/// The latest evidence of a connection's other end. It is judged again whenever something else is asked of it, or makers
/// say something else of their platforms.
struct StandingEvidence: Sendable {
  let evidence: VerifiedEvidence
  private var basis: Basis

  /// What it was last found to fulfil.
  private struct Basis: Equatable {
    var requirements: EvidenceRequirements?
    var knowledge: UInt64

    init(_ view: PeerView) {
      requirements = view.policy.requirements
      knowledge = view.knowledge
    }
  }

  /// - Parameter view: what the evidence was verified by.
  init(_ evidence: VerifiedEvidence, verifiedBy view: PeerView) {
    self.evidence = evidence
    basis = Basis(view)
  }

  /// Whether it would still be believed: of code that may run, and with all that is asked now.
  mutating func requireStill(_ view: PeerView, now: Timestamp) throws(HandshakeRefusal) {
    guard view.policy.allowed[evidence.kind]?.contains(evidence.measurement) == true else {
      throw .evidence(AttestationRefusal(FailedCheck(.measurement, "no longer accepted")))
    }
    let present = Basis(view)
    guard present != basis else { return }
    do throws(AttestationRefusal) {
      _ = try view.policy.verify(evidence.evidence, expecting: evidence.reportData, now: now)
    } catch {
      throw .evidence(error)
    }
    basis = present
  }
}

extension PeerView {
  /// Whether a node that proved to be this member is one still, with the same key and stake enough.
  func requireStill(_ node: NodeID, identityKey: [UInt8]) throws(HandshakeRefusal) {
    guard try member(node).identityKey == identityKey else { throw .wrongIdentityKey }
  }
}
