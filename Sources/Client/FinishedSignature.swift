public import Identifiers
public import PublicKeys
public import Signatures

/// A signature that verifies, and everything needed to verify it again.
public struct FinishedSignature: Sendable, Hashable {
  public let key: KeyID
  public let publicKey: AnyPublicKey
  /// The bytes the scheme signed: for kind `message` and `file` a tagged encoding, for taproot and ECDSA its SHA-256.
  public let message: [UInt8]
  /// In the encoding the scheme's ordinary verifiers take; for ECDSA `r ‖ s` with low s, 64 bytes.
  public let signature: [UInt8]
  /// The same with what only ECDSA has: the recovery id, and DER on demand. Nil under keys of other schemes.
  public let ecdsa: ECDSASignature?

  init(key: KeyID, publicKey: AnyPublicKey, message: [UInt8], signature: [UInt8]) {
    self.key = key
    self.publicKey = publicKey
    self.message = message
    self.signature = signature
    ecdsa = nil
  }

  init(key: KeyID, publicKey: AnyPublicKey, message: [UInt8], ecdsa: ECDSASignature) {
    self.key = key
    self.publicKey = publicKey
    self.message = message
    self.ecdsa = ecdsa
    signature = ecdsa.compact
  }
}
