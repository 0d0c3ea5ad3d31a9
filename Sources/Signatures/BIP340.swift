internal import CSecp256k1
internal import Curves

/// Schnorr signatures of Bitcoin's taproot (BIP-340).
public enum BIP340 {
  public static let publicKeyByteCount = 32
  public static let signatureByteCount = 64

  /// - Parameter publicKey: x-only.
  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else { return false }
    var key = secp256k1_xonly_pubkey()
    return unsafe Secp256k1Context.use { context in
      guard unsafe secp256k1_xonly_pubkey_parse(context, &key, publicKey) == 1 else { return false }
      return unsafe secp256k1_schnorrsig_verify(context, signature, message, message.count, &key) == 1
    }
  }
}
