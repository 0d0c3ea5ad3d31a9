public import Curves
public import Secrets

/// FROST(ristretto255, SHA-512), RFC 9591 section 6.2.
public enum FROSTRistretto255: SchnorrCiphersuite {
  public typealias Group = Ristretto255

  public static var contextString: String { "FROST-RISTRETTO255-SHA512-v1" }

  public static func bindingFactor(_ input: [UInt8]) -> Ristretto255.Scalar {
    SchnorrSHA512.scalar(labelled("rho"), input, in: Group.self)
  }

  public static func challenge(
    groupCommitment: Ristretto255.Element, publicKey: Ristretto255.Element, message: [UInt8]
  ) -> Ristretto255.Scalar {
    SchnorrSHA512.scalar(
      labelled("chal"), groupCommitment.canonicalBytes + publicKey.canonicalBytes + message, in: Group.self)
  }

  public static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<Ristretto255> {
    SchnorrSHA512.secretScalar(labelled("nonce"), input, in: Group.self)
  }

  public static func messageDigest(_ message: [UInt8]) -> [UInt8] {
    SchnorrSHA512.digest(labelled("msg"), message)
  }

  public static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8] {
    SchnorrSHA512.digest(labelled("com"), encodedCommitments)
  }

  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: Ristretto255.Element) -> Bool {
    SchnorrVerification.isValid(signature, message: message, publicKey: publicKey, suite: Self.self)
  }
}
