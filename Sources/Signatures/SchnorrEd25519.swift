public import Curves
public import Secrets

/// FROST(Ed25519, SHA-512), RFC 9591 section 6.1. Its signatures are those of RFC 8032.
public enum FROSTEd25519: SchnorrCiphersuite {
  public typealias Group = Edwards25519

  public static var contextString: String { "FROST-ED25519-SHA512-v1" }

  public static func bindingFactor(_ input: [UInt8]) -> Edwards25519.Scalar {
    SchnorrSHA512.scalar(labelled("rho"), input, in: Group.self)
  }

  /// Without context string, so that ordinary Ed25519 verifiers compute the same challenge.
  public static func challenge(
    groupCommitment: Edwards25519.Element, publicKey: Edwards25519.Element, message: [UInt8]
  ) -> Edwards25519.Scalar {
    SchnorrSHA512.scalar(groupCommitment.canonicalBytes, publicKey.canonicalBytes + message, in: Group.self)
  }

  public static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<Edwards25519> {
    SchnorrSHA512.secretScalar(labelled("nonce"), input, in: Group.self)
  }

  public static func messageDigest(_ message: [UInt8]) -> [UInt8] {
    SchnorrSHA512.digest(labelled("msg"), message)
  }

  public static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8] {
    SchnorrSHA512.digest(labelled("com"), encodedCommitments)
  }

  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: Edwards25519.Element) -> Bool {
    Ed25519.isValid(signature: signature, message: message, publicKey: publicKey.canonicalBytes)
  }
}
