import Identifiers
import SwiftASN1

/// An X.509 version 3 certificate of a maker of trusted execution environments, read strictly (RFC 5280 section 4.1 in
/// DER). Nothing is said about who signed it.
///
/// The certificate library refuses AMD's RSASSA-PSS, knows no revocation lists and checks chains asynchronously; one
/// reader for all three makers replaces two ways of judging a chain.
struct VendorCertificate: Sendable {
  static let maximumSize = 4 << 10
  static let maximumExtensions = 32

  struct Extension: Sendable, Hashable {
    let isCritical: Bool
    let value: [UInt8]
  }

  let der: [UInt8]
  /// DER of the name, which is compared byte by byte.
  let issuer: [UInt8]
  let subject: [UInt8]
  /// As encoded, without leading zero bytes.
  let serial: [UInt8]
  let validity: ClosedRange<Timestamp>
  let key: VendorKey
  let extensions: [ASN1ObjectIdentifier: Extension]
  let signature: VendorSignature

  init(der: [UInt8]) throws(CertificateFault) {
    guard der.count <= Self.maximumSize else { throw .tooLarge }
    let parts: SignedDER
    let fields: [ASN1Node]
    do {
      parts = try SignedDER(der)
      fields = try DERNodes.children(of: parts.content)
    } catch let fault as CertificateFault {
      throw fault
    } catch {
      throw .malformed
    }
    // Version, serial number, algorithm, issuer, validity, subject, key and, tagged 3, extensions; no unique identifiers.
    guard fields.count == 8, let inner = try? DERNodes.algorithm(fields[2]), inner == parts.algorithm,
      let version = try? DERNodes.tagged(0, fields[0]), (try? Int(derEncoded: version)) == 2,
      let serial = try? ArraySlice<UInt8>(derEncoded: fields[1]),
      let validity = try? DERNodes.validity(fields[4]), let list = try? DERNodes.tagged(3, fields[7]),
      let extensions = try? DERNodes.extensions(list, limit: Self.maximumExtensions)
    else { throw .malformed }
    self.der = der
    self.serial = Array(serial.drop { $0 == 0 })
    issuer = Array(fields[3].encodedBytes)
    subject = Array(fields[5].encodedBytes)
    self.validity = validity
    key = try VendorKey(fields[6])
    self.extensions = extensions
    signature = parts.signature
  }

  func isSigned(by key: VendorKey) -> Bool { key.verifies(signature) }
}

extension VendorCertificate {
  /// Extensions whose rules ``CertificatePath`` applies.
  static let understood: Set<ASN1ObjectIdentifier> = [.certificateConstraints, .certificateKeyUsage]

  /// How many certificates that sign others may follow, or nil where the certificate does not say that it may sign.
  var followingAuthorities: Int? {
    guard let constraints = extensions[.certificateConstraints], constraints.isCritical,
      let fields = try? DERNodes.children(of: DER.parse(constraints.value)), let first = fields.first,
      (try? Bool(derEncoded: first)) == true, fields.count <= 2
    else { return nil }
    guard fields.count == 2 else { return Int.max }
    guard let limit = try? Int(derEncoded: fields[1]), limit >= 0 else { return nil }
    return limit
  }

  /// Bit 5 of the key usage, keyCertSign.
  var maySignCertificates: Bool { mayUse(bit: 5) }
  /// Bit 6 of the key usage, cRLSign.
  var maySignRevocations: Bool { mayUse(bit: 6) }
  /// Bit 0 of the key usage, digitalSignature; a certificate without key usage restricts nothing.
  var maySignData: Bool { extensions[.certificateKeyUsage] == nil || mayUse(bit: 0) }

  private func mayUse(bit: UInt8) -> Bool {
    guard let usage = extensions[.certificateKeyUsage], let bits = try? ASN1BitString(derEncoded: usage.value),
      let first = bits.bytes.first
    else { return false }
    return first >> (7 - bit) & 1 == 1
  }
}

/// Why bytes are no certificate or revocation list of a maker.
enum CertificateFault: String, Error, Sendable, Hashable {
  case tooLarge = "too large"
  case malformed
  /// Neither ECDSA as makers use it nor RSASSA-PSS in one of the two encodings that occur.
  case signatureAlgorithm = "signature algorithm"
  case key
}

extension ASN1ObjectIdentifier {
  static let certificateKeyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
  static let certificateConstraints: ASN1ObjectIdentifier = [2, 5, 29, 19]
}
