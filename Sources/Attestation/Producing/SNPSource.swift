/// SEV-SNP evidence: a report of the secure processor with the certificate of the key that signed it.
struct SNPSource: EvidenceSource {
  enum Way: Sendable {
    case reports(TSMReports)
    case device(SNPGuestDevice)
  }

  static let providerName = "sev_guest"

  let way: Way
  /// DER; tried before what the host offers.
  let certificate: [UInt8]?
  let privilegeLevel: UInt32

  var kind: EvidenceKind { .sevSNP }

  func evidence(over reportData: ReportData) throws(EvidenceProductionError) -> Evidence {
    let (report, table) = try answer(over: reportData)
    guard report.reportData == reportData.bytes else { throw .contradictsRequest("vouches for something else") }
    guard report.privilegeLevel == privilegeLevel else {
      throw .contradictsRequest("names privilege level \(report.privilegeLevel)")
    }
    // The host may offer anything. Only the certificate of the key that signed makes evidence.
    let offered = (try? CertificateTable(bytes: table))?.certificates ?? []
    for der in [certificate].compactMap(\.self) + offered {
      guard let endorsement = SNPEndorsement(der: der),
        SNPClaims(report: report, endorsement: endorsement).areOfOneKey
      else { continue }
      return try evidence(report.bytes + der)
    }
    throw .noCertificate
  }

  private func answer(
    over reportData: ReportData
  ) throws(EvidenceProductionError) -> (report: SNPReport, table: [UInt8]) {
    switch way {
    case .reports(let reports):
      let answer = try reports.report(
        over: reportData, provider: Self.providerName, privilegeLevel: privilegeLevel, readsAuxiliary: true)
      guard let report = SNPReport(bytes: answer.report) else { throw .malformed("a report") }
      return (report, answer.auxiliary)
    case .device(let device):
      if let answer = try device.extendedReport(over: reportData, privilegeLevel: privilegeLevel) { return answer }
      return (try device.report(over: reportData, privilegeLevel: privilegeLevel), [])
    }
  }
}

extension SNPClaims {
  /// Whether the certificate is that of the key that signed the report, for this chip and firmware.
  fileprivate var areOfOneKey: Bool {
    namesOneChip && firmware(.reported) == endorsement.firmware && report.isSigned(by: endorsement.key)
  }
}
