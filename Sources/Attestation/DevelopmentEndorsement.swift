import Crypto
import Foundation
import Identifiers
import SwiftASN1
import X509

/// The certificate of a software attester's signing key: the extensions of an AMD VCEK, with values no AMD part has.
struct DevelopmentEndorsement: Sendable {
  static let product = "DEV-software"
  static let maximumSize = 4 << 10
  /// A year.
  static let lifetime: Int64 = 365 * 86_400
  /// Clocks of a network's machines may disagree by this many seconds.
  static let slack: Int64 = 300
  static let firmware = SNPFirmware(bootLoader: 1, tee: 1, snp: 1, microcode: 1)

  let key: P384.Signing.PublicKey
  let validity: ClosedRange<Timestamp>
  let hardwareID: [UInt8]
  let firmware: SNPFirmware
  private let certificate: Certificate

  /// - Returns: nil unless these bytes are such a certificate. Who signed it is another question.
  init?(der: [UInt8]) {
    guard der.count <= Self.maximumSize, let certificate = try? Certificate(derEncoded: der),
      certificate.signatureAlgorithm == .ecdsaWithSHA384, certificate.issuer == (try? Self.issuer),
      certificate.subject == (try? Self.subject), let key = P384.Signing.PublicKey(certificate.publicKey),
      certificate.extensions.count == 7,
      let product: ASN1IA5String = Self.value(.snpProductName, in: certificate), String(product) == Self.product,
      let bootLoader: Int = Self.value(.snpBootLoader, in: certificate), let bootLoader = UInt8(exactly: bootLoader),
      let tee: Int = Self.value(.snpTEE, in: certificate), let tee = UInt8(exactly: tee),
      let snp: Int = Self.value(.snpFirmware, in: certificate), let snp = UInt8(exactly: snp),
      let microcode: Int = Self.value(.snpMicrocode, in: certificate), let microcode = UInt8(exactly: microcode),
      let version: Int = Self.value(.snpStructVersion, in: certificate), version == 1,
      let hardwareID = certificate.extensions[oid: .snpHardwareID], hardwareID.value.count == 64
    else { return nil }
    let start = Timestamp(certificate.notValidBefore)
    let end = Timestamp(certificate.notValidAfter)
    guard start <= end else { return nil }
    self.key = key
    self.certificate = certificate
    self.hardwareID = Array(hardwareID.value)
    validity = start...end
    firmware = SNPFirmware(bootLoader: bootLoader, tee: tee, snp: snp, microcode: microcode)
  }

  func isSigned(by root: DevelopmentRootKey) -> Bool {
    guard let key = root.key else { return false }
    return Certificate.PublicKey(key).isValidSignature(certificate.signature, for: certificate)
  }

  static var issuer: DistinguishedName {
    get throws { try DistinguishedName { CommonName("DEVELOPMENT ONLY - NOT A TEE - root") } }
  }

  static var subject: DistinguishedName {
    get throws { try DistinguishedName { CommonName("DEVELOPMENT ONLY - NOT A TEE - SEV-VCEK") } }
  }

  /// 64 bytes that stand for the chip; every signing key pretends to be one of its own.
  static func hardwareID(of key: P384.Signing.PublicKey) -> [UInt8] {
    Array(SHA512.hash(data: key.x963Representation))
  }

  static func extensions(for key: P384.Signing.PublicKey) throws -> Certificate.Extensions {
    try Certificate.Extensions([
      encoded(.snpStructVersion, 1),
      encoded(.snpProductName, try ASN1IA5String(product)),
      encoded(.snpBootLoader, Int(firmware.bootLoader)),
      encoded(.snpTEE, Int(firmware.tee)),
      encoded(.snpFirmware, Int(firmware.snp)),
      encoded(.snpMicrocode, Int(firmware.microcode)),
      // As in a VCEK, the bare bytes and no DER around them.
      Certificate.Extension(oid: .snpHardwareID, critical: false, value: hardwareID(of: key)[...]),
    ])
  }

  private static func encoded(_ name: ASN1ObjectIdentifier, _ value: some DERSerializable) throws
    -> Certificate.Extension
  {
    var serializer = DER.Serializer()
    try serializer.serialize(value)
    return Certificate.Extension(oid: name, critical: false, value: serializer.serializedBytes[...])
  }

  private static func value<Value: DERParseable>(_ name: ASN1ObjectIdentifier, in certificate: Certificate) -> Value? {
    certificate.extensions[oid: name].flatMap { try? Value(derEncoded: $0.value) }
  }
}

extension ASN1ObjectIdentifier {
  // AMD: VCEK Certificate and KDS Interface Specification, table of extensions; all below 1.3.6.1.4.1.3704.1.
  static let snpStructVersion: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 1]
  static let snpProductName: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 2]
  static let snpBootLoader: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 3, 1]
  static let snpTEE: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 3, 2]
  static let snpFirmware: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 3, 3]
  static let snpMicrocode: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 3, 8]
  static let snpHardwareID: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 4]
}

extension Timestamp {
  init(_ date: Date) {
    self.init(secondsSince1970: Int64(date.timeIntervalSince1970))
  }

  var date: Date { Date(timeIntervalSince1970: TimeInterval(secondsSince1970)) }
}
