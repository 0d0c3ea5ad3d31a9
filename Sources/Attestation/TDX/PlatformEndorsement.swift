import SwiftASN1

/// What the certificate of a platform's key (PCK) says of the platform, in Intel's extension 1.2.840.113741.1.13.1
/// (Intel SGX PCK Certificate and CRL specification, section 1.3.5).
struct PlatformEndorsement: Sendable {
  /// 16 bytes.
  let platformID: [UInt8]
  /// Family, model, stepping and kind of platform: 6 bytes.
  let platformKind: [UInt8]
  /// 2 bytes.
  let enclaveID: [UInt8]
  /// 16 security versions.
  let securityVersions: [UInt8]
  let enclaveVersion: Int

  init?(_ certificate: VendorCertificate) {
    guard let value = certificate.extensions[.sgx]?.value, let node = try? DER.parse(value),
      let fields = Self.fields(node), let platform = Self.octets(fields[.sgx(1)], count: 16),
      let kind = Self.octets(fields[.sgx(4)], count: 6), let enclave = Self.octets(fields[.sgx(3)], count: 2),
      let versions = fields[.sgx(2)].flatMap(Self.fields),
      let enclaveVersion = versions[.sgx(2, 17)].flatMap({ try? Int(derEncoded: $0) }),
      (0...Int(UInt16.max)).contains(enclaveVersion)
    else { return nil }
    let components = (1...16).compactMap { number in
      versions[.sgx(2, UInt(number))].flatMap { try? Int(derEncoded: $0) }.flatMap { UInt8(exactly: $0) }
    }
    guard components.count == 16 else { return nil }
    platformID = platform
    platformKind = kind
    enclaveID = enclave
    securityVersions = components
    self.enclaveVersion = enclaveVersion
  }

  /// SEQUENCE OF SEQUENCE { name, value }, no name twice.
  private static func fields(_ node: ASN1Node) -> [ASN1ObjectIdentifier: ASN1Node]? {
    guard let nodes = try? DERNodes.children(of: node), nodes.count <= 32 else { return nil }
    var fields: [ASN1ObjectIdentifier: ASN1Node] = [:]
    for node in nodes {
      guard let pair = try? DERNodes.children(of: node), pair.count == 2,
        let name = try? ASN1ObjectIdentifier(derEncoded: pair[0]), fields.updateValue(pair[1], forKey: name) == nil
      else { return nil }
    }
    return fields
  }

  private static func octets(_ node: ASN1Node?, count: Int) -> [UInt8]? {
    guard let node, let octets = try? ASN1OctetString(derEncoded: node), octets.bytes.count == count else { return nil }
    return Array(octets.bytes)
  }
}

extension ASN1ObjectIdentifier {
  static let sgx: ASN1ObjectIdentifier = [1, 2, 840, 113741, 1, 13, 1]

  static func sgx(_ field: UInt) -> ASN1ObjectIdentifier { [1, 2, 840, 113741, 1, 13, 1, field] }
  static func sgx(_ field: UInt, _ part: UInt) -> ASN1ObjectIdentifier { [1, 2, 840, 113741, 1, 13, 1, field, part] }
}
