internal import CSodium

/// Ed25519 (RFC 8032), verified strictly: one signature, one encoding.
public enum Ed25519 {
  public static let publicKeyByteCount = 32
  public static let signatureByteCount = 64

  /// Accepts only canonical A, R and S, no A or R of small order, and the equation without the cofactor.
  ///
  /// Never throws: bytes of a wrong length are not a signature.
  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else { return false }
    // libsodium compares R's bytes with those it computes, and makes the other checks first.
    return unsafe crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
  }
}
