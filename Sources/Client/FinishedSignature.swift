public import Identifiers
public import PublicKeys

/// A signature that verifies, and everything needed to verify it again.
public struct FinishedSignature: Sendable, Hashable {
  public let key: KeyID
  public let publicKey: AnyPublicKey
  /// The bytes the scheme signed: for kind `message` and `file` a tagged encoding, for taproot its SHA-256.
  public let message: [UInt8]
  /// In the encoding the scheme's ordinary verifiers take.
  public let signature: [UInt8]

  init(key: KeyID, publicKey: AnyPublicKey, message: [UInt8], signature: [UInt8]) {
    self.key = key
    self.publicKey = publicKey
    self.message = message
    self.signature = signature
  }
}
