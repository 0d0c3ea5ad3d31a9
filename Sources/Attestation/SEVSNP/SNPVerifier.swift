public import Identifiers

/// Verifies AMD SEV-SNP evidence: an attestation report followed by the certificate of the key that signed it.
///
/// Everything else is given beforehand: AMD's own certificates are part of the code, revocation lists are handed in.
public struct SNPVerifier: EvidenceVerifier {
  private let authorities: [AMDAuthority]
  private let requirements: SNPRequirements
  private let revocations: [RevocationList]

  /// - Parameters:
  ///   - authorities: at most one of a product counts, the first.
  ///   - revocations: lists signed by the roots; those of no known root count as missing.
  public init(
    requirements: SNPRequirements, authorities: [AMDAuthority] = AMDAuthority.pinned,
    revocations: [RevocationList] = []
  ) {
    self.requirements = requirements
    self.authorities = authorities
    self.revocations = revocations.filter { list in authorities.contains { list.isSigned(by: $0.root) } }
  }

  public var kind: EvidenceKind { .sevSNP }

  public func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard evidence.kind == kind, let report = SNPReport(bytes: evidence.data.prefix(SNPReport.byteCount)),
      let endorsement = SNPEndorsement(der: Array(evidence.data.dropFirst(SNPReport.byteCount))),
      let measurement = try? Measurement(bytes: report.measurement),
      let reportData = try? ReportData(bytes: report.reportData)
    else { throw AttestationRefusal(FailedCheck(.form, "not a report with the certificate of its key")) }
    let claims = SNPClaims(report: report, endorsement: endorsement)
    return EvidenceFindings(
      product: endorsement.productName, isDevelopment: false, measurement: measurement, reportData: reportData,
      isDebug: report.isDebug, allowsMigration: report.allowsMigration, platform: claims.platform,
      faults: claims.faultsOfForm + proof(claims, now: now) + claims.faults(against: requirements))
  }

  @FailedChecks private func proof(_ claims: SNPClaims, now: Timestamp) -> [FailedCheck] {
    if let authority = authorities.first(where: { $0.product == claims.endorsement.product }) {
      authority.path(for: claims.endorsement).faults(now: now, revocations: revocations)
      revocationLists(of: authority, now: now)
    } else {
      FailedCheck(.endorsement, "no root is pinned for \(claims.endorsement.productName)")
    }
    require(claims.namesOneChip, .chip, "report and certificate name different chips")
    require(
      claims.firmware(.reported) == claims.endorsement.firmware, .firmware,
      "report and certificate name different firmware")
    require(
      claims.report.isSigned(by: claims.endorsement.key), .reportSignature, "not signed by the key of the certificate")
  }

  /// One list has to be current. Older ones stay good for what they revoke.
  @FailedChecks private func revocationLists(of authority: AMDAuthority, now: Timestamp) -> [FailedCheck] {
    let lists = revocations.filter { $0.issuer == authority.root.subject }
    require(!lists.isEmpty || !requirements.needsRevocationList, .revocation, "no revocation list of the root is here")
    require(
      lists.isEmpty || lists.contains { $0.validity.contains(now) }, .revocation,
      "no revocation list of the root that is here is current")
  }
}
