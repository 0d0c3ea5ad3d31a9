public import Identifiers

/// Evidence that answers one request among others.
public struct BatchedEvidence: Sendable, Hashable {
  public let evidence: Evidence
  public let proof: InclusionProof

  public init(evidence: Evidence, proof: InclusionProof) {
    self.evidence = evidence
    self.proof = proof
  }
}

extension AttestationPolicy {
  /// Accepts evidence for `request` exactly where it would accept a report over what the proof leads to.
  ///
  /// - Parameter request: computed by the caller from its own view, its own nonce among it.
  /// - Throws: all failed checks together.
  public func verify(
    _ batched: BatchedEvidence, answering request: ReportData, now: Timestamp
  ) throws(AttestationRefusal) -> VerifiedEvidence {
    try verify(batched.evidence, expecting: batched.proof.reportData(over: request), now: now)
  }
}
