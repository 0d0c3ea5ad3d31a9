public import Curves
import Identifiers
public import Signatures

/// A public key of whatever purpose in the encoding its verifiers expect, for texts and the command line.
public struct AnyPublicKey: Sendable, Hashable {
  public let purpose: KeyPurpose
  /// Ed25519: 32 bytes (RFC 8032). ristretto255: 32 bytes (RFC 9496). secp256k1-frost: 33 bytes (SEC 1, compressed).
  /// secp256k1-ecdsa: 33 bytes (SEC 1, compressed). secp256k1-taproot: 32 bytes (BIP-340, x only).
  /// bls12381-ibe: 48 bytes (G1, compressed).
  public let bytes: [UInt8]

  public init<S: CertifiedSchnorrSuite>(_ key: DerivedPublicKey<S.Group>, of suite: S.Type) {
    purpose = S.purpose
    bytes = S.verificationKeyBytes(key.publicKey)
  }

  public init(ecdsa key: DerivedPublicKey<Secp256k1>) {
    purpose = .secp256k1ECDSA
    bytes = key.publicKey.canonicalBytes
  }

  public init(encryption key: DerivedPublicKey<BLS12381G1>) {
    purpose = .bls12381IBE
    bytes = key.publicKey.canonicalBytes
  }

  /// `<purpose>:<lower-case hex>`.
  public var text: String { purpose.rawValue + ":" + Hex.encode(bytes) }

  /// - Throws: ``AnyPublicKeyError`` unless it is what ``text`` writes, and a point of the purpose's group.
  public init(text: String) throws(AnyPublicKeyError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let purpose = KeyPurpose(rawValue: String(parts[0])) else { throw .unknownPurpose }
    guard let bytes = try? Hex.decode(parts[1].utf8) else { throw .notAPublicKey }
    try self.init(purpose: purpose, bytes: bytes)
  }

  public init(purpose: KeyPurpose, bytes: [UInt8]) throws(AnyPublicKeyError) {
    let isKey =
      switch purpose {
      case .secp256k1Taproot: (try? Secp256k1.Element(xOnly: bytes)) != nil
      default: Self.isElement(bytes, of: purpose.group)
      }
    guard isKey else { throw .notAPublicKey }
    self.purpose = purpose
    self.bytes = bytes
  }

  private static func isElement<G: PrimeOrderGroup>(_ bytes: [UInt8], of group: G.Type) -> Bool {
    (try? G.Element(canonicalBytes: bytes)) != nil
  }
}

extension AnyPublicKey: CustomStringConvertible {
  public var description: String { text }
}

public enum AnyPublicKeyError: Error, Sendable, Hashable {
  case unknownPurpose
  /// Not the canonical encoding of a public key of this purpose.
  case notAPublicKey
}
