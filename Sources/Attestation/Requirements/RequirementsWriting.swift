import Identifiers

extension SNPRequirements {
  /// What differs from `other`.
  func members(beside other: SNPRequirements) -> [JSONMember] {
    let products = SNPProduct.allCases.compactMap { product in
      minimumFirmware[product].map { JSONMember(product.rawValue, $0.json) }
    }
    let members: [JSONMember?] = [
      products.isEmpty ? nil : JSONMember("minimumFirmware", .object(products)),
      signers == other.signers ? nil : .list("signers", signers.map(\.text)),
      .number("privilegeLevel", Int64(privilegeLevel), beside: Int64(other.privilegeLevel)),
      .bits("protections", protections, beside: other.protections),
      .bits("mitigations", mitigations, beside: other.mitigations),
      hostData.map { JSONMember("hostData", .string(Hex.encode($0))) },
      .list("idKeys", idKeys?.map { Hex.encode($0) }), .list("authorKeys", authorKeys?.map { Hex.encode($0) }),
      .number("minimumGuestVersion", Int64(minimumGuestVersion), beside: Int64(other.minimumGuestVersion)),
      needsRevocationList ? JSONMember("needsRevocationList", .bool(true)) : nil,
    ]
    return members.compactMap(\.self)
  }
}

extension TDXRequirements {
  func members(beside other: TDXRequirements) -> [JSONMember] {
    let members: [JSONMember?] = [
      statuses == other.statuses ? nil : .list("statuses", statuses.map(\.rawValue)),
      advisories.isEmpty ? nil : .list("advisories", Array(advisories)),
      .number("minimumEvaluation", Int64(minimumEvaluation), beside: Int64(other.minimumEvaluation)),
      .number("maximumCollateralAge", maximumCollateralAge, beside: other.maximumCollateralAge),
      .bits("attributes", attributes, beside: other.attributes),
      configurationID.map { JSONMember("configurationID", .string(Hex.encode($0))) },
      serviceDomains == other.serviceDomains ? nil : JSONMember("serviceDomains", .string(Hex.encode(serviceDomains))),
    ]
    return members.compactMap(\.self)
  }
}

extension NitroRequirements {
  func members(beside other: NitroRequirements) -> [JSONMember] {
    let registers = registers.sorted { $0.key < $1.key }.compactMap { number, values in
      JSONMember.list(String(number), values.map { Hex.encode($0) })
    }
    let members: [JSONMember?] = [
      .number("maximumAge", maximumAge, beside: other.maximumAge), .number("slack", slack, beside: other.slack),
      registers.isEmpty ? nil : JSONMember("registers", .object(registers)),
    ]
    return members.compactMap(\.self)
  }
}

extension SNPFirmware {
  fileprivate var json: JSONValue {
    let parts: [(String, UInt8)] = [
      ("microcontroller", microcontroller), ("bootLoader", bootLoader), ("tee", tee), ("snp", snp),
      ("microcode", microcode),
    ]
    return .object(parts.filter { $0.1 != 0 }.map { JSONMember($0.0, .integer(Int64($0.1))) })
  }
}

extension SNPSigner {
  fileprivate var text: String {
    switch self {
    case .chip: "chip"
    case .provider(let name): "provider:" + name
    }
  }
}

extension JSONMember {
  /// Nil where there is no list; sorted.
  static func list(_ name: String, _ texts: [String]?) -> JSONMember? {
    texts.map { JSONMember(name, .array($0.sorted().map { .string($0) })) }
  }

  fileprivate static func number(_ name: String, _ number: Int64, beside other: Int64) -> JSONMember? {
    number == other ? nil : JSONMember(name, .integer(number))
  }

  fileprivate static func bits(_ name: String, _ bits: UInt64, beside other: UInt64) -> JSONMember? {
    bits == other ? nil : JSONMember(name, .string("0x" + String(bits, radix: 16)))
  }
}
