import Curves
import PublicKeys
import Secrets
import Signatures

/// FROST over ristretto255 without binding factors, the weakness that concurrent sessions break (Drijvers et al., ROS).
enum ConstantBinding: CertifiedSchnorrSuite {
  typealias Group = Ristretto255

  static var purpose: KeyPurpose { .ristretto255Sign }
  static var contextString: String { FROSTRistretto255.contextString }

  static func bindingFactor(_ input: [UInt8]) -> Ristretto255.Scalar { .one }

  static func challenge(
    groupCommitment: Ristretto255.Element, publicKey: Ristretto255.Element, message: [UInt8]
  ) -> Ristretto255.Scalar {
    FROSTRistretto255.challenge(groupCommitment: groupCommitment, publicKey: publicKey, message: message)
  }

  static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<Ristretto255> { FROSTRistretto255.nonce(input) }

  static func messageDigest(_ message: [UInt8]) -> [UInt8] { FROSTRistretto255.messageDigest(message) }

  static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8] {
    FROSTRistretto255.commitmentListDigest(encodedCommitments)
  }

  static func isValid(signature: [UInt8], message: [UInt8], publicKey: Ristretto255.Element) -> Bool {
    FROSTRistretto255.isValid(signature: signature, message: message, publicKey: publicKey)
  }
}
