import Identifiers
import SwiftASN1

/// SEQUENCE { content, AlgorithmIdentifier, BIT STRING }: the shape of certificates and of revocation lists.
struct SignedDER {
  let content: ASN1Node
  let algorithm: SignatureAlgorithm
  let signature: VendorSignature

  init(_ der: [UInt8]) throws {
    let parts = try DERNodes.children(of: DER.parse(der))
    guard parts.count == 3 else { throw CertificateFault.malformed }
    let bits = try ASN1BitString(derEncoded: parts[2])
    guard bits.paddingBits == 0 else { throw CertificateFault.malformed }
    content = parts[0]
    algorithm = try DERNodes.algorithm(parts[1])
    signature = VendorSignature(
      algorithm: algorithm, message: Array(parts[0].encodedBytes), bytes: Array(bits.bytes))
  }
}

/// The pieces that certificates and revocation lists are made of.
enum DERNodes {
  static func children(of node: ASN1Node) throws(CertificateFault) -> [ASN1Node] {
    guard node.identifier == .sequence, case .constructed(let nodes) = node.content else { throw .malformed }
    return Array(nodes)
  }

  /// What an explicit context-specific tag holds.
  static func tagged(_ number: UInt, _ node: ASN1Node) throws(CertificateFault) -> ASN1Node {
    guard node.identifier == ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific),
      case .constructed(let nodes) = node.content, let only = Array(nodes).first, Array(nodes).count == 1
    else { throw .malformed }
    return only
  }

  static func algorithm(_ node: ASN1Node) throws(CertificateFault) -> SignatureAlgorithm {
    guard let algorithm = SignatureAlgorithm(encoded: Array(node.encodedBytes)) else { throw .signatureAlgorithm }
    return algorithm
  }

  static func validity(_ node: ASN1Node) throws -> ClosedRange<Timestamp> {
    let ends = try children(of: node)
    guard ends.count == 2 else { throw CertificateFault.malformed }
    let (start, end) = (try time(ends[0]), try time(ends[1]))
    guard start <= end else { throw CertificateFault.malformed }
    return start...end
  }

  /// UTCTime or GeneralizedTime, to the second.
  static func time(_ node: ASN1Node) throws -> Timestamp {
    if node.identifier == .utcTime {
      let time = try UTCTime(derEncoded: node)
      return try timestamp(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
    }
    let time = try GeneralizedTime(derEncoded: node)
    guard time.rawFractionalSeconds.isEmpty else { throw CertificateFault.malformed }
    return try timestamp(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
  }

  static func extensions(
    _ node: ASN1Node, limit: Int
  ) throws -> [ASN1ObjectIdentifier: VendorCertificate.Extension] {
    var extensions: [ASN1ObjectIdentifier: VendorCertificate.Extension] = [:]
    let nodes = try children(of: node)
    guard nodes.count <= limit else { throw CertificateFault.malformed }
    for node in nodes {
      let fields = try children(of: node)
      guard fields.count == 2 || fields.count == 3, let last = fields.last else { throw CertificateFault.malformed }
      let name = try ASN1ObjectIdentifier(derEncoded: fields[0])
      // DER leaves out what is the default, so that a flag that is there is true.
      let isCritical = fields.count == 3
      if isCritical { guard try Bool(derEncoded: fields[1]) else { throw CertificateFault.malformed } }
      let value = Array(try ASN1OctetString(derEncoded: last).bytes)
      guard extensions.updateValue(.init(isCritical: isCritical, value: value), forKey: name) == nil else {
        throw CertificateFault.malformed
      }
    }
    return extensions
  }

  private static func timestamp(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
  ) throws -> Timestamp {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let day = [padded(year, 4), padded(month, 2), padded(day, 2)].joined(separator: "-")
    let clock = [padded(hour, 2), padded(minute, 2), padded(second, 2)].joined(separator: ":")
    return try Timestamp(text: "\(day)T\(clock)Z")
  }
}
