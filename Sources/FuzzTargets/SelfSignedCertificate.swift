public import Attestation
public import Crypto
import Foundation
public import Identifiers
import SwiftASN1
import X509

/// A certificate around any content, under a key everybody knows: what a stranger can make for itself.
public enum SelfSignedCertificate {
  public static let noon = Timestamp(secondsSince1970: 1_800_000_000)
  public static let lifetime: Int64 = 86_400

  public static func key() throws -> P256.Signing.PrivateKey {
    try P256.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: 32))
  }

  /// The development root the seeds' evidence leads to.
  public static func developmentRoot() throws -> DevelopmentRoot {
    let key = try P384.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: 48))
    return try DevelopmentRoot(pem: key.pemRepresentation)
  }

  /// - Parameter content: of the extension that carries binding and evidence.
  public static func der(content: [UInt8]) throws -> [UInt8] {
    let key = try key()
    let name = try DistinguishedName { CommonName("DEVELOPMENT ONLY - NOT A TEE") }
    var serializer = DER.Serializer()
    try serializer.serialize(ASN1OctetString(contentBytes: content[...]))
    let start = Date(timeIntervalSince1970: TimeInterval(noon.secondsSince1970))
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(bytes: [1]), publicKey: .init(key.publicKey),
      notValidBefore: start, notValidAfter: start + TimeInterval(lifetime), issuer: name, subject: name,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions([
        Certificate.Extension(oid: conceptualMessage, critical: false, value: serializer.serializedBytes[...])
      ]),
      issuerPrivateKey: .init(key))
    var encoded = DER.Serializer()
    try encoded.serialize(certificate)
    return encoded.serializedBytes
  }

  /// The content of the extension of a certificate.
  public static func content(of der: [UInt8]) throws -> [UInt8] {
    let certificate = try Certificate(derEncoded: der)
    guard let value = certificate.extensions[oid: conceptualMessage]?.value else { return [] }
    return Array(try ASN1OctetString(derEncoded: value).bytes)
  }

  /// id-pe-cmw.
  private static let conceptualMessage: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 35]
}
