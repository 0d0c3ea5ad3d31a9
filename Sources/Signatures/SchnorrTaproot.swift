public import Curves
public import Secrets

/// FROST over secp256k1 whose signatures are those of BIP-340 (`FROST-secp256k1-SHA256-TR-v1`).
///
/// The verifier knows key and group commitment by their x-coordinate and takes the point with even y. Where the signers'
/// point is the odd one, all of them use the negative of their secret: `-P` belongs to `-s`, `-R` to the nonces' negatives.
public enum FROSTSecp256k1Taproot: SchnorrCiphersuite {
  public typealias Group = Secp256k1

  public static var contextString: String { "FROST-secp256k1-SHA256-TR-v1" }

  public static func bindingFactor(_ input: [UInt8]) -> Secp256k1.Scalar {
    Secp256k1.hashToScalar(input, domain: labelled("rho"))
  }

  /// BIP-340: the tagged hash `BIP0340/challenge` of `x(R) ‖ x(P) ‖ m`, reduced.
  public static func challenge(
    groupCommitment: Secp256k1.Element, publicKey: Secp256k1.Element, message: [UInt8]
  ) -> Secp256k1.Scalar {
    let tag = SchnorrSHA256.digest([], Array("BIP0340/challenge".utf8))
    let digest = SchnorrSHA256.digest(tag + tag, groupCommitment.xOnlyBytes + publicKey.xOnlyBytes + message)
    return SchnorrSHA256.scalar(reducing: digest)
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

  public static func usesNegative(of element: Secp256k1.Element) -> Bool { !element.hasEvenY }

  public static func verificationKeyBytes(_ publicKey: Secp256k1.Element) -> [UInt8] { publicKey.xOnlyBytes }

  public static func signatureBytes(
    groupCommitment: Secp256k1.Element, response: Secp256k1.Scalar
  ) -> [UInt8] {
    groupCommitment.xOnlyBytes + response.canonicalBytes
  }

  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: Secp256k1.Element) -> Bool {
    BIP340.isValid(signature: signature, message: message, publicKey: publicKey.xOnlyBytes)
  }
}
