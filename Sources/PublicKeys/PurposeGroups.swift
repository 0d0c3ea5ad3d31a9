public import Curves
public import Signatures

extension KeyPurpose {
  /// The group this purpose's public keys live in.
  public var group: any PrimeOrderGroup.Type {
    switch self {
    case .ed25519Sign: Edwards25519.self
    case .ristretto255Sign: Ristretto255.self
    case .secp256k1FROST, .secp256k1Taproot, .secp256k1ECDSA: Secp256k1.self
    case .bls12381IBE: BLS12381G1.self
    }
  }

  /// The FROST ciphersuite that signs under keys of this purpose; nil for purposes that are not signed with FROST.
  public var schnorrSuite: (any CertifiedSchnorrSuite.Type)? {
    switch self {
    case .ed25519Sign: FROSTEd25519.self
    case .ristretto255Sign: FROSTRistretto255.self
    case .secp256k1FROST: FROSTSecp256k1.self
    case .secp256k1Taproot: FROSTSecp256k1Taproot.self
    case .secp256k1ECDSA, .bls12381IBE: nil
    }
  }
}

/// A ciphersuite together with the one purpose whose keys it may use.
public protocol CertifiedSchnorrSuite: SchnorrCiphersuite {
  static var purpose: KeyPurpose { get }
}

extension FROSTEd25519: CertifiedSchnorrSuite {
  public static var purpose: KeyPurpose { .ed25519Sign }
}

extension FROSTRistretto255: CertifiedSchnorrSuite {
  public static var purpose: KeyPurpose { .ristretto255Sign }
}

extension FROSTSecp256k1: CertifiedSchnorrSuite {
  public static var purpose: KeyPurpose { .secp256k1FROST }
}

extension FROSTSecp256k1Taproot: CertifiedSchnorrSuite {
  public static var purpose: KeyPurpose { .secp256k1Taproot }
}
