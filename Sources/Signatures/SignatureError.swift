/// Why bytes are not a signature or a key, or why no signer follows from them.
public enum SignatureError: Error, Equatable, Sendable {
  case wrongLength(expected: Int, actual: Int)
  /// A scalar of the signature is zero or not below the group order.
  case outOfRange
  /// The other of the two signatures anyone can make from one: s above half the order.
  case highS
  /// The last byte of an Ethereum signature is neither 27 nor 28.
  case unknownRecoveryID
  /// No public key fits the signature and the digest.
  case noSigner
  /// Mixed-case text whose case is not the address's checksum.
  case addressChecksum
}
