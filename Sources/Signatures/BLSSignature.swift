public import Curves

/// BLS signatures with keys in G1 and signatures in G2 (draft-irtf-cfrg-bls-signature, core verification).
public enum BLSSignature {
  /// The basic scheme: messages of one aggregate are distinct.
  public static let basicDomain = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_".utf8)

  /// Whether e(g, signature) = e(publicKey, H(message)).
  ///
  /// Decoding the elements checked that they are in their groups; the identity is no key and no signature.
  public static func isValid(
    publicKey: BLS12381G1.Element, message: [UInt8], signature: BLS12381G2.Element, domain: [UInt8]
  ) -> Bool {
    guard !publicKey.isIdentity, !signature.isIdentity else { return false }
    let hash = BLS12381.hashToG2(message, domain: domain)
    return BLS12381.pairingsEqual(BLS12381G1.generator, signature, publicKey, hash)
  }
}
