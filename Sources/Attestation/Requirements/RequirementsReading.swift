import Identifiers

extension SNPRequirements {
  init(_ record: StrictRecord?) throws(EvidencePolicyFileError) {
    self.init(minimumFirmware: [:])
    guard var record else { return }
    if var products = try record.record("minimumFirmware") {
      for product in SNPProduct.allCases {
        guard var parts = try products.record(product.rawValue) else { continue }
        minimumFirmware[product] = SNPFirmware(
          microcontroller: try parts.integer("microcontroller") ?? 0, bootLoader: try parts.integer("bootLoader") ?? 0,
          tee: try parts.integer("tee") ?? 0, snp: try parts.integer("snp") ?? 0,
          microcode: try parts.integer("microcode") ?? 0)
        try parts.finish()
      }
      try products.finish()
    }
    if let names = try record.list("signers", SNPSigner.init) { signers = Set(names) }
    privilegeLevel = try record.integer("privilegeLevel") ?? privilegeLevel
    protections = try record.bits("protections") ?? protections
    mitigations = try record.bits("mitigations") ?? mitigations
    hostData = try record.bytes("hostData", count: 32)
    idKeys = try record.byteLists("idKeys", count: 48)
    authorKeys = try record.byteLists("authorKeys", count: 48)
    minimumGuestVersion = try record.integer("minimumGuestVersion") ?? minimumGuestVersion
    needsRevocationList = try record.bool("needsRevocationList") ?? needsRevocationList
    try record.finish()
  }
}

extension SNPSigner {
  /// `chip`, or `provider:` and the provider's identifier as in its certificates.
  init?(text: String) {
    let prefix = "provider:"
    if text == "chip" {
      self = .chip
    } else if text.hasPrefix(prefix), text.count > prefix.count {
      self = .provider(String(text.dropFirst(prefix.count)))
    } else {
      return nil
    }
  }
}

extension TDXRequirements {
  init(_ record: StrictRecord?) throws(EvidencePolicyFileError) {
    self.init()
    guard var record else { return }
    if let names = try record.list("statuses", FirmwareStatus.init) { statuses = Set(names) }
    if let names = try record.list("advisories", { $0 }) { advisories = Set(names) }
    minimumEvaluation = try record.integer("minimumEvaluation") ?? minimumEvaluation
    maximumCollateralAge = try record.seconds("maximumCollateralAge") ?? maximumCollateralAge
    attributes = try record.bits("attributes") ?? attributes
    configurationID = try record.bytes("configurationID", count: 48)
    serviceDomains = try record.bytes("serviceDomains", count: 48) ?? serviceDomains
    try record.finish()
  }
}

extension NitroRequirements {
  init(_ record: StrictRecord?) throws(EvidencePolicyFileError) {
    self.init()
    guard var record else { return }
    maximumAge = try record.seconds("maximumAge") ?? maximumAge
    slack = try record.seconds("slack") ?? slack
    if var list = try record.record("registers") {
      for name in list.names {
        guard let number = UInt64(name), number < NitroDocument.registerCount, String(number) == name else {
          throw list.fault(name)
        }
        registers[number] = try list.byteLists(name, count: 48)
      }
    }
    try record.finish()
  }
}
