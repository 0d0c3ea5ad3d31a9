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
      let fields = Self.fields(node), let platform = Self.octets(fields[Self.names[0]], count: 16),
      let kind = Self.octets(fields[Self.names[3]], count: 6),
      let enclave = Self.octets(fields[Self.names[2]], count: 2),
      let versions = fields[Self.names[1]].flatMap(Self.fields),
      let enclaveVersion = versions[Self.versionNames[16]].flatMap({ try? Int(derEncoded: $0) }),
      (0...Int(UInt16.max)).contains(enclaveVersion)
    else { return nil }
    let components = Self.versionNames.prefix(16).compactMap { name in
      versions[name].flatMap { try? Int(derEncoded: $0) }.flatMap { UInt8(exactly: $0) }
    }
    guard components.count == 16 else { return nil }
    platformID = platform
    platformKind = kind
    enclaveID = enclave
    securityVersions = components
    self.enclaveVersion = enclaveVersion
  }

  /// Object identifiers below ``ASN1ObjectIdentifier/sgx``, as they are encoded.
  private static let names = (1...4).map { encoding([$0]) }
  private static let versionNames = (1...17).map { encoding([2, $0]) }

  private static func encoding(_ rest: [UInt8]) -> [UInt8] {
    let content = [0x2A, 0x86, 0x48, 0x86, 0xF8, 0x4D, 0x01, 0x0D, 0x01] + rest
    return [0x06, UInt8(content.count)] + content
  }

  /// SEQUENCE OF SEQUENCE { name, value }, no name twice. Names are compared as they are encoded, in which DER leaves no
  /// choice.
  private static func fields(_ node: ASN1Node) -> [[UInt8]: ASN1Node]? {
    guard let nodes = try? DERNodes.children(of: node), nodes.count <= 32 else { return nil }
    var fields: [[UInt8]: ASN1Node] = [:]
    for node in nodes {
      guard let pair = try? DERNodes.children(of: node), pair.count == 2, pair[0].identifier == .objectIdentifier,
        fields.updateValue(pair[1], forKey: Array(pair[0].encodedBytes)) == nil
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
}
