import Curves
import Secrets
import Signatures

/// Schnorr signatures over ristretto255 whose challenge does not cover the public key.
enum KeylessChallenge: SchnorrCiphersuite {
  typealias Group = Ristretto255

  static var contextString: String { FROSTRistretto255.contextString }

  static func bindingFactor(_ input: [UInt8]) -> Ristretto255.Scalar { FROSTRistretto255.bindingFactor(input) }

  static func challenge(
    groupCommitment: Ristretto255.Element, publicKey: Ristretto255.Element, message: [UInt8]
  ) -> Ristretto255.Scalar {
    FROSTRistretto255.challenge(
      groupCommitment: groupCommitment, publicKey: Ristretto255.generator, message: message)
  }

  static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<Ristretto255> { FROSTRistretto255.nonce(input) }

  static func messageDigest(_ message: [UInt8]) -> [UInt8] { FROSTRistretto255.messageDigest(message) }

  static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8] {
    FROSTRistretto255.commitmentListDigest(encodedCommitments)
  }

  static func isValid(signature: [UInt8], message: [UInt8], publicKey: Ristretto255.Element) -> Bool {
    guard let commitment = try? Ristretto255.Element(canonicalBytes: signature.prefix(32)),
      let response = try? Ristretto255.Scalar(canonicalBytes: signature.dropFirst(32))
    else { return false }
    let challenge = challenge(groupCommitment: commitment, publicKey: publicKey, message: message)
    return Ristretto255.generator.multiplied(by: response) == commitment + publicKey.multiplied(by: challenge)
  }
}
