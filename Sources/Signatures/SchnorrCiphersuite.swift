public import Curves
public import Secrets

/// A FROST ciphersuite (RFC 9591 section 6): a prime-order group, the hash functions H1 to H5, and the rules of the
/// ordinary verifier that finished signatures must satisfy.
public protocol SchnorrCiphersuite: Sendable {
  associatedtype Group: PrimeOrderGroup

  /// Prefix of every hash of the suite.
  static var contextString: String { get }

  /// H1: the binding factor of an encoded commitment list, message, key and participant.
  static func bindingFactor(_ input: [UInt8]) -> Group.Scalar

  /// H2 over `R ‖ PK ‖ message` in the verifier's encodings (section 4.6).
  static func challenge(
    groupCommitment: Group.Element, publicKey: Group.Element, message: [UInt8]
  ) -> Group.Scalar

  /// H3: a nonce from randomness and the signer's secret.
  static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<Group>

  /// H4.
  static func messageDigest(_ message: [UInt8]) -> [UInt8]

  /// H5.
  static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8]

  /// True when signers must use the negative of this key or group commitment because the verifier, who knows points by
  /// their x-coordinate only, takes the other one for granted.
  static func usesNegative(of element: Group.Element) -> Bool

  /// The key as the verifier takes it.
  static func verificationKeyBytes(_ publicKey: Group.Element) -> [UInt8]

  /// The finished signature as the verifier takes it.
  static func signatureBytes(groupCommitment: Group.Element, response: Group.Scalar) -> [UInt8]

  /// Whether the ordinary verifier of this scheme accepts the signature.
  static func isValid(signature: [UInt8], message: [UInt8], publicKey: Group.Element) -> Bool
}

extension SchnorrCiphersuite {
  public static func usesNegative(of element: Group.Element) -> Bool { false }

  public static func verificationKeyBytes(_ publicKey: Group.Element) -> [UInt8] { publicKey.canonicalBytes }

  public static func signatureBytes(groupCommitment: Group.Element, response: Group.Scalar) -> [UInt8] {
    groupCommitment.canonicalBytes + response.canonicalBytes
  }

  /// `contextString ‖ label`, the prefix of H1, H3, H4 and H5.
  static func labelled(_ label: String) -> [UInt8] { Array(contextString.utf8) + Array(label.utf8) }
}
