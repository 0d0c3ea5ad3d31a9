import Crypto
public import Identifiers
import SwiftASN1
import X509

/// The root of trust of one development network, made by its initiator and never shared with another network.
///
/// Whoever has it can pretend that any code runs in a "trusted execution environment" of that network; they still have
/// no identity key of any node.
public struct DevelopmentRoot: Sendable {
  private let key: P384.Signing.PrivateKey

  public init() {
    key = P384.Signing.PrivateKey()
  }

  /// - Throws: unless this is the PEM of a P-384 private key.
  public init(pem: String) throws {
    key = try P384.Signing.PrivateKey(pemRepresentation: pem)
  }

  public var pem: String { key.pemRepresentation }

  /// What the founding document pins.
  public var publicKey: DevelopmentRootKey { DevelopmentRootKey(key: key.publicKey) }

  /// Credentials for one node's software attester, valid for a year.
  public func makeCredentials(now: Timestamp) throws -> SoftwareCredentials {
    let signingKey = P384.Signing.PrivateKey()
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(signingKey.publicKey),
      notValidBefore: now.adding(seconds: -DevelopmentEndorsement.slack).date,
      notValidAfter: now.adding(seconds: DevelopmentEndorsement.lifetime).date,
      issuer: DevelopmentEndorsement.issuer, subject: DevelopmentEndorsement.subject,
      signatureAlgorithm: .ecdsaWithSHA384, extensions: DevelopmentEndorsement.extensions(for: signingKey.publicKey),
      issuerPrivateKey: .init(key))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return SoftwareCredentials(key: signingKey, endorsement: serializer.serializedBytes)
  }
}

/// The public half of a ``DevelopmentRoot``. A type of its own, so that it is never mistaken for a maker's root.
public struct DevelopmentRootKey: Sendable, Hashable {
  /// SEC 1 compressed, 49 bytes.
  public let bytes: [UInt8]

  init(key: P384.Signing.PublicKey) {
    bytes = Array(key.compressedRepresentation)
  }

  public init(bytes: some Collection<UInt8>) throws(EvidenceError) {
    guard bytes.count == 49, let key = try? P384.Signing.PublicKey(compressedRepresentation: Array(bytes)) else {
      throw .wrongLength(expected: 49)
    }
    self.init(key: key)
  }

  /// 98 lower-case hex digits.
  public var text: String { Hex.encode(bytes) }

  public init(text: String) throws(EvidenceError) {
    guard let bytes = try? Hex.decode(text) else { throw .notHex }
    try self.init(bytes: bytes)
  }

  var key: P384.Signing.PublicKey? { try? P384.Signing.PublicKey(compressedRepresentation: bytes) }
}
