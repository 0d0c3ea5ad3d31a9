import Identifiers

extension EvidenceRequirements {
  /// What is asked of evidence of one kind, a line each: what it is about, and what it has to be.
  public func lines(for kind: EvidenceKind) -> [(name: String, text: String)] {
    let common = [
      ("debugging", "never"), ("migration", "never"),
      ("machine", platforms.map { list in Self.list(list.filter { $0.kind == kind }.map(\.description)) } ?? "any"),
    ]
    switch kind {
    case .sevSNP: return snp.lines + common
    case .tdx: return tdx.lines + common
    case .nitro: return nitro.lines + common
    default: return common
    }
  }

  fileprivate static func list(_ texts: some Sequence<String>) -> String {
    let sorted = texts.sorted()
    return sorted.isEmpty ? "none" : sorted.joined(separator: ", ")
  }

  fileprivate static func bits(_ bits: UInt64) -> String { "0x" + String(bits, radix: 16) }

  fileprivate static func hex(_ bytes: [UInt8]?) -> String { bytes.map { Hex.encode($0) } ?? "any" }

  fileprivate static func hexes(_ values: Set<[UInt8]>?) -> String {
    values.map { list($0.map { Hex.encode($0) }) } ?? "any"
  }
}

extension SNPRequirements {
  fileprivate var lines: [(name: String, text: String)] {
    let products = SNPProduct.allCases.map { product in
      ("firmware of \(product.rawValue)", minimumFirmware[product].map { "at least \($0)" } ?? "not accepted")
    }
    return products + [
      ("signer", EvidenceRequirements.list(signers.map(\.description))), ("privilege level", "\(privilegeLevel)"),
      ("protections", EvidenceRequirements.bits(protections)), ("mitigations", EvidenceRequirements.bits(mitigations)),
      ("host data", EvidenceRequirements.hex(hostData)), ("ID keys", EvidenceRequirements.hexes(idKeys)),
      ("author keys", EvidenceRequirements.hexes(authorKeys)), ("guest version", "at least \(minimumGuestVersion)"),
      ("revocation list", needsRevocationList ? "needed" : "used where there is one"),
    ]
  }
}

extension TDXRequirements {
  fileprivate var lines: [(name: String, text: String)] {
    [
      ("firmware status", EvidenceRequirements.list(statuses.map(\.rawValue))),
      ("advisories", EvidenceRequirements.list(advisories)),
      ("Intel's criteria", "at least \(minimumEvaluation)"),
      ("Intel's statements", "at most \(maximumCollateralAge) s old"),
      ("attributes", "SEPT_VE_DISABLE set, others of \(EvidenceRequirements.bits(attributes)) only"),
      ("MRCONFIGID", EvidenceRequirements.hex(configurationID)),
      ("MRSERVICETD", serviceDomains.allSatisfy { $0 == 0 } ? "none" : Hex.encode(serviceDomains)),
    ]
  }
}

extension NitroRequirements {
  fileprivate var lines: [(name: String, text: String)] {
    [("document", "at most \(maximumAge) s old, \(slack) s ahead")]
      + registers.sorted { $0.key < $1.key }.map { ("register \($0)", EvidenceRequirements.hexes($1)) }
  }
}
