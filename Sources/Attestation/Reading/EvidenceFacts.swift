import Identifiers

/// One thing that evidence says, for people and for programs.
public struct EvidenceFact: Sendable, Hashable {
  /// camelCase.
  public let name: String
  public let values: [String]
  let isList: Bool

  init(_ name: String, _ value: String) {
    self.name = name
    values = [value]
    isList = false
  }

  init(_ name: String, _ values: [String]) {
    self.name = name
    self.values = values
    isList = true
  }
}

/// Collects facts one a line; nil where evidence says nothing of it.
@resultBuilder
enum EvidenceFacts {
  static func buildExpression(_ fact: EvidenceFact?) -> [EvidenceFact] { fact.map { [$0] } ?? [] }
  static func buildExpression(_ facts: [EvidenceFact]) -> [EvidenceFact] { facts }
  static func buildBlock(_ parts: [EvidenceFact]...) -> [EvidenceFact] { parts.flatMap(\.self) }
  static func buildOptional(_ part: [EvidenceFact]?) -> [EvidenceFact] { part ?? [] }
  static func buildEither(first part: [EvidenceFact]) -> [EvidenceFact] { part }
  static func buildEither(second part: [EvidenceFact]) -> [EvidenceFact] { part }
}

extension EvidenceFact {
  /// What findings of every kind have.
  @EvidenceFacts static func common(_ findings: EvidenceFindings) -> [EvidenceFact] {
    EvidenceFact("product", findings.product)
    EvidenceFact("measurement", findings.measurement.text)
    EvidenceFact("reportData", findings.reportData.map { Hex.encode($0.bytes) } ?? "none of ours")
    findings.platform.map { EvidenceFact("platform", $0.description) }
    EvidenceFact("debug", findings.isDebug ? "yes" : "no")
    EvidenceFact("migration", findings.allowsMigration ? "yes" : "no")
    findings.firmwareStatus.map { EvidenceFact("firmwareStatus", $0.rawValue) }
    if !findings.advisories.isEmpty { EvidenceFact("advisories", findings.advisories.sorted()) }
  }

  /// - Parameter data: of ``Evidence``; what cannot be read has no facts.
  static func ofKind(_ kind: EvidenceKind, _ data: [UInt8]) -> [EvidenceFact] {
    switch kind {
    case .sevSNP, .software: snp(data)
    case .tdx: TDQuote(bytes: data).map(tdx) ?? []
    case .nitro: NitroDocument(bytes: data).map(nitro) ?? []
    default: []
    }
  }

  @EvidenceFacts private static func snp(_ data: [UInt8]) -> [EvidenceFact] {
    let endorsement = SNPEndorsement(der: Array(data.dropFirst(SNPReport.byteCount)))
    if let report = SNPReport(bytes: data.prefix(SNPReport.byteCount)) {
      EvidenceFact("reportVersion", "\(report.version)")
      EvidenceFact("guestPolicy", hex(report.guestPolicy))
      EvidenceFact("guestVersion", "\(report.guestVersion)")
      EvidenceFact("privilegeLevel", "\(report.privilegeLevel)")
      EvidenceFact("platformInformation", hex(report.platformFlags))
      let layout = endorsement?.product.layout ?? .first
      EvidenceFact("reportedFirmware", report.firmware(.reported, layout: layout).description)
      EvidenceFact("committedFirmware", report.firmware(.committed, layout: layout).description)
      EvidenceFact("launchFirmware", report.firmware(.launch, layout: layout).description)
      EvidenceFact("hostData", Hex.encode(report.hostData))
      EvidenceFact("idKeyDigest", Hex.encode(report.idKeyDigest))
      EvidenceFact("authorKeyDigest", Hex.encode(report.authorKeyDigest))
    }
    endorsement.map { EvidenceFact("signer", $0.signer.description) }
    endorsement.map { validity($0.certificate) }
  }

  @EvidenceFacts private static func tdx(_ quote: TDQuote) -> [EvidenceFact] {
    EvidenceFact("quoteVersion", "\(quote.version)")
    EvidenceFact("initialMeasurement", Hex.encode(quote.report.initialMeasurement))
    EvidenceFact("runtimeMeasurements", quote.report.runtimeMeasurements.map { Hex.encode($0) })
    EvidenceFact("attributes", hex(quote.report.attributes))
    EvidenceFact("configurationID", Hex.encode(quote.report.configurationID))
    quote.report.serviceDomains.map { EvidenceFact("serviceDomains", Hex.encode($0)) }
    EvidenceFact("securityVersions", quote.report.securityVersions.map { Hex.encode($0) })
    PlatformEndorsement(quote.certificate).map { EvidenceFact("platformKind", Hex.encode($0.platformKind)) }
    validity(quote.certificate)
  }

  @EvidenceFacts private static func nitro(_ document: NitroDocument) -> [EvidenceFact] {
    EvidenceFact("module", document.module)
    EvidenceFact("made", document.time.description)
    EvidenceFact(
      "registers",
      document.registers.sorted { $0.key < $1.key }.filter { !$0.value.allSatisfy { $0 == 0 } }.map {
        "\($0.key) \(Hex.encode($0.value))"
      })
    validity(document.certificate)
  }

  private static func validity(_ certificate: VendorCertificate) -> EvidenceFact {
    EvidenceFact(
      "certificateValidity", "\(certificate.validity.lowerBound) to \(certificate.validity.upperBound)")
  }

  private static func hex(_ bits: UInt64) -> String { "0x" + String(bits, radix: 16) }
}
