/// TDX evidence: a quote of the quoting enclave on the host, with the certificates of the platform's key in it.
struct TDXSource: EvidenceSource {
  static let providerName = "tdx_guest"

  let reports: TSMReports

  var kind: EvidenceKind { .tdx }

  func evidence(over reportData: ReportData) throws(EvidenceProductionError) -> Evidence {
    let answer = try reports.report(over: reportData, provider: Self.providerName, readsAuxiliary: false)
    let evidence = try evidence(answer.report)
    guard let quote = TDQuote(bytes: evidence.data) else { throw .malformed("a quote with its certificates") }
    guard quote.report.reportData == reportData.bytes else { throw .contradictsRequest("vouches for something else") }
    guard quote.isSigned else { throw .contradictsRequest("is not signed by its own key") }
    return evidence
  }
}
