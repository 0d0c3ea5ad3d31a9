/// What a root key, and every key derived from it, is for.
///
/// Roots belong to a purpose, never to a curve: `secp256k1-frost`, `secp256k1-taproot` and
/// `secp256k1-ecdsa` share a curve and no secret.
/// The raw value is the name used in certificates, key ids, requests and texts.
public enum KeyPurpose: String, CaseIterable, Sendable, Hashable {
  case ed25519Sign = "ed25519-sign"
  case ristretto255Sign = "ristretto255-sign"
  case secp256k1FROST = "secp256k1-frost"
  case secp256k1Taproot = "secp256k1-taproot"
  case secp256k1ECDSA = "secp256k1-ecdsa"
  case bls12381IBE = "bls12381-ibe"

  /// How many roots one key generation makes for this purpose.
  ///
  /// Signing keys are derived from two roots; the encryption key of a network is its one IBE root itself.
  public var rootCount: Int {
    switch self {
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST, .secp256k1Taproot, .secp256k1ECDSA: 2
    case .bls12381IBE: 1
    }
  }

  /// True when users may have keys of this purpose derived and messages signed with them.
  public var isSigning: Bool { self != .bls12381IBE }

  /// Bytes of one encoded element of the group this purpose's public keys live in.
  public var elementByteCount: Int {
    switch self {
    case .ed25519Sign, .ristretto255Sign: 32
    case .secp256k1FROST, .secp256k1Taproot, .secp256k1ECDSA: 33
    case .bls12381IBE: 48
    }
  }
}
