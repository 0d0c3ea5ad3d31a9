/// Why bytes are not a ciphertext of ours, or do not open.
public enum IdentityEncryptionError: Error, Equatable, Sendable {
  /// Not the one encoding of a ciphertext.
  case malformedCiphertext
  /// A million bytes at most.
  case messageTooLong
  /// The key does not belong to the ciphertext, or one of the two was changed.
  case doesNotOpen
  /// The identity is no key: anyone knows the other half of every encapsulation under it.
  case noPublicKey
}
