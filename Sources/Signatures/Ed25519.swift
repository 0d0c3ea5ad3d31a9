import CSodium

/// Ed25519 of RFC 8032 with the strict verifier: one signature, one key, one encoding of each.
public enum Ed25519 {
  /// Refuses keys and `R` that are not canonical or of small order, and `S` not below the group order.
  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == 64, publicKey.count == 32 else { return false }
    return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
  }
}
