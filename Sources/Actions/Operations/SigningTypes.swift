public import ActionNames

/// Signature schemes by their names in the interface.
public enum SigningScheme: String, Sendable, Hashable, CaseIterable {
  case ecdsaSecp256k1 = "EcdsaK256Sha256"
  case ecdsaP256 = "EcdsaP256Sha256"
  case ecdsaP384 = "EcdsaP384Sha384"
  case schnorrEd25519 = "SchnorrEd25519Sha512"
  case schnorrSecp256k1 = "SchnorrK256Sha256"
  case schnorrP256 = "SchnorrP256Sha256"
  case schnorrP384 = "SchnorrP384Sha384"
  case schnorrRistretto255 = "SchnorrRistretto25519Sha512"
  case schnorrEd448 = "SchnorrEd448Shake256"
  case schnorrRedJubjub = "SchnorrRedJubjubBlake2b512"
  case schnorrTaproot = "SchnorrK256Taproot"
  case schnorrRedDecaf377 = "SchnorrRedDecaf377Blake2b512"
  case schnorrkel = "SchnorrkelSubstrate"
  case bls12381 = "Bls12381G1ProofOfPossession"
}

public struct SigningOrder: Sendable, Hashable {
  public let scheme: SigningScheme
  /// Not empty. For ECDSA the digest itself.
  public let toSign: [UInt8]
  /// Not empty.
  public let publicKey: [UInt8]
  /// Under which the user finds the signature.
  public let name: String
}

public struct PersonalMessageOrder: Sendable, Hashable {
  /// Without the prefix of EIP-191.
  public let message: String
  public let publicKey: [UInt8]
  public let name: String
}

public struct ActionSigningOrder: Sendable, Hashable {
  public let scheme: SigningScheme
  public let toSign: [UInt8]
  public let name: String
}

/// A finished signature in the parts the interface shows.
public enum CombinedSignature: Sendable, Hashable {
  case ecdsa(r: [UInt8], s: [UInt8], recoveryID: UInt8)
  case schnorr(r: [UInt8], s: [UInt8])
  case bls([UInt8])
}

public struct ActionSignature: Sendable, Hashable {
  public let signature: [UInt8]
  public let verifyingKey: [UInt8]
  public let signedData: [UInt8]
  public let recoveryID: UInt8?

  public init(signature: [UInt8], verifyingKey: [UInt8], signedData: [UInt8], recoveryID: UInt8?) {
    self.signature = signature
    self.verifyingKey = verifyingKey
    self.signedData = signedData
    self.recoveryID = recoveryID
  }
}

public struct ActionSignatureCheck: Sendable, Hashable {
  public let scheme: SigningScheme
  public let action: ActionID
  public let toSign: [UInt8]
  /// As `signAsAction` returned it, JSON. Its own copy of the signed data proves nothing.
  public let signature: String
}
