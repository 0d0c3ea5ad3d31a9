import Authorization
import Curves
import Identifiers
public import PublicKeys
import Signatures
public import Wire

/// Checks finished signatures; needs no network.
public enum SignatureVerification {
  /// Whether the key signed this content, by the ordinary verifier of its scheme. ECDSA signatures are `r ‖ s`, low s.
  public static func isValid(_ signature: [UInt8], of content: ContentToSign, under key: AnyPublicKey) -> Bool {
    guard let message = content.message(under: key) else { return false }
    return isValid(signature, message: message, under: key)
  }

  /// - Parameter message: the bytes the scheme signs.
  public static func isValid(_ signature: [UInt8], message: [UInt8], under key: AnyPublicKey) -> Bool {
    func open<S: CertifiedSchnorrSuite>(_ suite: S.Type) -> Bool {
      guard let publicKey = point(key, in: S.Group.self) else { return false }
      return S.isValid(signature: signature, message: message, publicKey: publicKey)
    }
    if key.purpose == .secp256k1ECDSA {
      guard let digest = try? Digest32(bytes: message), let publicKey = point(key, in: Secp256k1.self) else {
        return false
      }
      return ECDSASecp256k1.isValid(signature: signature, digest: digest, publicKey: publicKey)
    }
    guard let suite = key.purpose.schnorrSuite else { return false }
    return open(suite)
  }

  private static func point<G: PrimeOrderGroup>(_ key: AnyPublicKey, in group: G.Type) -> G.Element? {
    switch key.purpose {
    case .secp256k1Taproot: (try? Secp256k1.Element(xOnly: key.bytes)) as? G.Element
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST, .secp256k1ECDSA, .bls12381IBE:
      try? G.Element(canonicalBytes: key.bytes)
    }
  }
}
