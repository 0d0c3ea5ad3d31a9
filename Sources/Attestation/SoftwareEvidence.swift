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

  @FailedChecks private func faults(
    _ report: SNPReport, _ endorsement: DevelopmentEndorsement, now: Timestamp
  ) -> [FailedCheck] {
    require(report.version == 5, .form, "version \(report.version)")
    require(report.signatureAlgorithm == SNPReport.ecdsaP384, .form, "signature algorithm \(report.signatureAlgorithm)")
    require(report.keyInfo == 0, .form, "key info \(report.keyInfo)")
    require(report.privilegeLevel == 0, .form, "privilege level \(report.privilegeLevel)")
    require(report.guestPolicy >> 17 & 1 == 1, .form, "guest policy without its mandatory bit")
    require(report.hasZeroReservedBytes, .form, "reserved bytes in use")
    require(
      roots.contains(where: endorsement.isSigned), .endorsement, "not signed by a development root of this network")
    require(
      endorsement.validity.contains(now), .endorsementValidity,
      "valid \(endorsement.validity.lowerBound) to \(endorsement.validity.upperBound)")
    require(report.chipID == endorsement.hardwareID, .chip, "report and endorsement name different chips")
    require(report.reportedTCB == endorsement.firmware, .firmware, "report and endorsement name different firmware")
    require(report.isSigned(by: endorsement.key), .reportSignature, "not signed by the endorsed key")
  }
}

enum SoftwareEvidence {
  /// Bit 17, which is always one, and SMT; neither debug nor migration.
  static let guestPolicy: UInt64 = 0x30000
}
