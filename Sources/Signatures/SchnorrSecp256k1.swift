public import Curves
public import Secrets

/// FROST(secp256k1, SHA-256), RFC 9591 section 6.5. Signatures are 65 bytes: compressed `R`, then `z`.
public enum FROSTSecp256k1: SchnorrCiphersuite {
  public typealias Group = Secp256k1

  public static var contextString: String { "FROST-secp256k1-SHA256-v1" }

  public static func bindingFactor(_ input: [UInt8]) -> Secp256k1.Scalar {
    Secp256k1.hashToScalar(input, domain: labelled("rho"))
  }

  public static func challenge(
    groupCommitment: Secp256k1.Element, publicKey: Secp256k1.Element, message: [UInt8]
  ) -> Secp256k1.Scalar {
    Secp256k1.hashToScalar(
      groupCommitment.canonicalBytes + publicKey.canonicalBytes + message, domain: labelled("chal"))
  }

  public static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<Secp256k1> {
    SchnorrSHA256.secretScalar(input, domain: labelled("nonce"))
  }

  public static func messageDigest(_ message: [UInt8]) -> [UInt8] {
    SchnorrSHA256.digest(labelled("msg"), message)
  }

  public static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8] {
    SchnorrSHA256.digest(labelled("com"), encodedCommitments)
  }

  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: Secp256k1.Element) -> Bool {
    SchnorrVerification.isValid(signature, message: message, publicKey: publicKey, suite: Self.self)
  }
}
