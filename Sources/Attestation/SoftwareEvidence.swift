public import Identifiers

/// Verifies what ``SoftwareAttester`` makes, against the development roots of one network.
///
/// Evidence is the report followed by the endorsement, in DER.
public struct SoftwareEvidenceVerifier: EvidenceVerifier {
  private let roots: [DevelopmentRootKey]

  public init(roots: [DevelopmentRootKey]) {
    self.roots = roots
  }

  public var kind: EvidenceKind { .software }

  public func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard let report = SNPReport(bytes: evidence.data.prefix(SNPReport.byteCount)),
      let endorsement = DevelopmentEndorsement(der: Array(evidence.data.dropFirst(SNPReport.byteCount))),
      let measurement = try? Measurement(bytes: report.measurement),
      let reportData = try? ReportData(bytes: report.reportData)
    else { throw AttestationRefusal(FailedCheck(.form, "not a report with its endorsement")) }
    return EvidenceFindings(
      product: DevelopmentEndorsement.product, isDevelopment: true, measurement: measurement, reportData: reportData,
      isDebug: report.isDebug, allowsMigration: report.allowsMigration,
      faults: faults(report, endorsement, now: now))
  }

  private func faults(_ report: SNPReport, _ endorsement: DevelopmentEndorsement, now: Timestamp) -> [FailedCheck] {
    let checks: [(Bool, FailedCheck)] = [
      (report.version == 5, FailedCheck(.form, "version \(report.version)")),
      (
        report.signatureAlgorithm == SoftwareEvidence.ecdsaP384,
        FailedCheck(.form, "signature algorithm \(report.signatureAlgorithm)")
      ),
      (report.keyInfo == 0, FailedCheck(.form, "key info \(report.keyInfo)")),
      (report.privilegeLevel == 0, FailedCheck(.form, "privilege level \(report.privilegeLevel)")),
      (report.guestPolicy >> 17 & 1 == 1, FailedCheck(.form, "guest policy without its mandatory bit")),
      (report.hasZeroReservedBytes, FailedCheck(.form, "reserved bytes in use")),
      (
        roots.contains(where: endorsement.isSigned),
        FailedCheck(.endorsement, "not signed by a development root of this network")
      ),
      (
        endorsement.validity.contains(now),
        FailedCheck(
          .endorsementValidity, "valid \(endorsement.validity.lowerBound) to \(endorsement.validity.upperBound)")
      ),
      (report.chipID == endorsement.hardwareID, FailedCheck(.chip, "report and endorsement name different chips")),
      (
        report.reportedTCB == endorsement.firmware,
        FailedCheck(.firmware, "report and endorsement name different firmware")
      ),
      (report.isSigned(by: endorsement.key), FailedCheck(.reportSignature, "not signed by the endorsed key")),
    ]
    return checks.compactMap { passed, failure in passed ? nil : failure }
  }
}

enum SoftwareEvidence {
  /// ECDSA P-384 with SHA-384.
  static let ecdsaP384: UInt32 = 1
  /// Bit 17, which is always one, and SMT; neither debug nor migration.
  static let guestPolicy: UInt64 = 0x30000
}
