public import Identifiers
import SwiftASN1

/// A certificate revocation list of a maker (RFC 5280 section 5 in DER), complete and direct.
///
/// It is handed in, never fetched. Who signed it is asked with ``isSigned(by:)``.
public struct RevocationList: Sendable {
  /// A million bytes; the longest list seen is a few thousand.
  public static let maximumSize = 1 << 20

  /// From the time it was issued until the next list is due.
  public let validity: ClosedRange<Timestamp>
  let issuer: [UInt8]
  let serials: Set<[UInt8]>
  let signature: VendorSignature

  /// - Throws: ``RevocationListError`` unless these bytes are such a list.
  public init(der: [UInt8]) throws(RevocationListError) {
    do {
      try self.init(reading: der)
    } catch {
      throw .malformed
    }
  }

  private init(reading der: [UInt8]) throws {
    guard der.count <= Self.maximumSize else { throw CertificateFault.tooLarge }
    let parts = try SignedDER(der)
    var fields = try DERNodes.children(of: parts.content)[...]
    // Version 2, which every list with extensions has.
    guard let version = fields.popFirst(), try Int(derEncoded: version) == 1, let inner = fields.popFirst(),
      try DERNodes.algorithm(inner) == parts.algorithm, let issuer = fields.popFirst(),
      let start = fields.popFirst(), let end = fields.popFirst()
    else { throw CertificateFault.malformed }
    let (thisUpdate, nextUpdate) = (try DERNodes.time(start), try DERNodes.time(end))
    guard thisUpdate <= nextUpdate else { throw CertificateFault.malformed }
    var serials: Set<[UInt8]> = []
    if let list = fields.first, list.identifier == .sequence {
      fields = fields.dropFirst()
      for entry in try DERNodes.children(of: list) { serials.insert(try Self.serial(entry)) }
    }
    if let tagged = fields.popFirst() {
      let extensions = try DERNodes.extensions(try DERNodes.tagged(0, tagged), limit: 16)
      // A delta or a list of somebody else's certificates says so in a critical extension.
      guard extensions.values.allSatisfy({ !$0.isCritical }) else { throw CertificateFault.malformed }
    }
    guard fields.isEmpty else { throw CertificateFault.malformed }
    validity = thisUpdate...nextUpdate
    self.issuer = Array(issuer.encodedBytes)
    self.serials = serials
    signature = parts.signature
  }

  private static func serial(_ entry: ASN1Node) throws -> [UInt8] {
    let fields = try DERNodes.children(of: entry)
    guard fields.count == 2 || fields.count == 3 else { throw CertificateFault.malformed }
    _ = try DERNodes.time(fields[1])
    if fields.count == 3 {
      let extensions = try DERNodes.extensions(fields[2], limit: 8)
      guard extensions.values.allSatisfy({ !$0.isCritical }) else { throw CertificateFault.malformed }
    }
    return Array(try ArraySlice<UInt8>(derEncoded: fields[0]).drop { $0 == 0 })
  }

  func isSigned(by certificate: VendorCertificate) -> Bool {
    issuer == certificate.subject && certificate.maySignRevocations && certificate.key.verifies(signature)
  }

  /// The issuer's name and the certificate's serial number are what a list names a certificate by.
  func revokes(_ certificate: VendorCertificate) -> Bool {
    certificate.issuer == issuer && serials.contains(certificate.serial)
  }
}

public enum RevocationListError: Error, Sendable, Hashable {
  case malformed
}
