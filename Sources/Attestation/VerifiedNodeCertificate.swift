public import Identifiers

/// A certificate whose evidence a policy accepted, over exactly the binding in it. Whether its node is the one that was
/// meant, and a member, is asked before and elsewhere.
public struct VerifiedNodeCertificate: Sendable, Hashable {
  public let binding: CertificateBinding
  public let evidence: VerifiedEvidence

  fileprivate init(binding: CertificateBinding, evidence: VerifiedEvidence) {
    self.binding = binding
    self.evidence = evidence
  }
}

extension AttestationPolicy {
  /// - Throws: all failed checks together.
  public func verify(
    _ certificate: UnverifiedNodeCertificate, now: Timestamp
  ) throws(AttestationRefusal) -> VerifiedNodeCertificate {
    let evidence = try verify(certificate.evidence, expecting: certificate.binding.reportData, now: now)
    return VerifiedNodeCertificate(binding: certificate.binding, evidence: evidence)
  }
}
