import Identifiers

/// A policy for evidence as a person writes it, to judge evidence in files by. Nothing of it counts in a network, whose
/// policy is in its registry.
///
/// One JSON object; `docs/attestation.md` lists the members. A member that is not known is refused.
public struct EvidencePolicyFile: Sendable {
  public static let maximumSize = 1 << 20

  let allowed: [EvidenceKind: Set<Measurement>]
  let platforms: Set<PlatformID>?
  let developmentRoots: [DevelopmentRootKey]
  let snp: SNPRequirements
  let tdx: TDXRequirements
  let nitro: NitroRequirements

  public init(json: [UInt8]) throws(EvidencePolicyFileError) {
    guard let value = try? JSONValue(parsing: json, limit: Self.maximumSize) else { throw .notJSON }
    var record = try StrictRecord(value)
    var allowed: [EvidenceKind: Set<Measurement>] = [:]
    guard var measurements = try record.record("measurements") else { throw record.fault("measurements") }
    for name in measurements.names {
      guard let kind = try? EvidenceKind(text: name) else { throw measurements.fault(name) }
      allowed[kind] = try measurements.list(name) { try? Measurement(text: $0) }.map(Set.init)
    }
    self.allowed = allowed
    platforms = try record.list("platforms") { try? PlatformID(text: $0) }.map(Set.init)
    developmentRoots = try record.list("developmentRoots") { try? DevelopmentRootKey(text: $0) } ?? []
    snp = try SNPRequirements(record.record("snp"))
    tdx = try TDXRequirements(record.record("tdx"))
    nitro = try NitroRequirements(record.record("nitro"))
    try record.finish()
  }
}

public enum EvidencePolicyFileError: Error, Sendable, Hashable, CustomStringConvertible {
  case notJSON
  /// The member is unknown, missing, or not what it has to be.
  case member(String)

  public var description: String {
    switch self {
    case .notJSON: "not JSON of the form this project reads"
    case .member(let name): "\(name) is unknown, missing or not in its form"
    }
  }
}

extension SNPRequirements {
  fileprivate init(_ record: StrictRecord?) throws(EvidencePolicyFileError) {
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
  fileprivate init?(text: String) {
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
  fileprivate init(_ record: StrictRecord?) throws(EvidencePolicyFileError) {
    self.init()
    guard var record else { return }
    if let names = try record.list("statuses", FirmwareStatus.init) { statuses = Set(names) }
    if let names = try record.list("advisories", { $0 }) { advisories = Set(names) }
    minimumEvaluation = try record.integer("minimumEvaluation") ?? minimumEvaluation
    maximumCollateralAge = try record.integer("maximumCollateralAge") ?? maximumCollateralAge
    attributes = try record.bits("attributes") ?? attributes
    configurationID = try record.bytes("configurationID", count: 48)
    serviceDomains = try record.bytes("serviceDomains", count: 48) ?? serviceDomains
    try record.finish()
  }
}

extension NitroRequirements {
  fileprivate init(_ record: StrictRecord?) throws(EvidencePolicyFileError) {
    self.init()
    guard var record else { return }
    maximumAge = try record.integer("maximumAge") ?? maximumAge
    slack = try record.integer("slack") ?? slack
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
