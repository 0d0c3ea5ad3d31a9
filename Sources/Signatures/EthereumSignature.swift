internal import CSecp256k1
internal import Curves
public import Identifiers

/// Recoverable ECDSA signatures as wallets write them: r ‖ s ‖ v, 65 bytes, v 27 or 28, s in the lower half.
public enum EthereumSignature {
  public static let byteCount = 65

  /// The one address whose key made this signature of this digest.
  public static func recover(digest: Digest32, signature: [UInt8]) throws(SignatureError) -> WalletAddress {
    try WalletAddress(publicKey: recoverKey(digest: digest, signature: signature))
  }

  static func recoverKey(digest: Digest32, signature: [UInt8]) throws(SignatureError) -> Secp256k1.Element {
    guard signature.count == byteCount, let v = signature.last else {
      throw .wrongLength(expected: byteCount, actual: signature.count)
    }
    guard v == 27 || v == 28 else { throw .unknownRecoveryID }
    guard try hasLowS(Array(signature.dropLast())) else { throw .highS }

    var recoverable = secp256k1_ecdsa_recoverable_signature()
    var key = secp256k1_pubkey()
    let recovered = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ecdsa_recoverable_signature_parse_compact(context, &recoverable, signature, Int32(v - 27)) == 1
        && secp256k1_ecdsa_recover(context, &key, &recoverable, digest.bytes) == 1
    }
    guard recovered else { throw .noSigner }
    return Secp256k1.Element(key)
  }

  /// Throws `.outOfRange` for scalars that are zero or not below the order.
  private static func hasLowS(_ compact: [UInt8]) throws(SignatureError) -> Bool {
    guard let r = try? Secp256k1.Scalar(canonicalBytes: compact.prefix(32)), !r.isZero,
      let s = try? Secp256k1.Scalar(canonicalBytes: compact.dropFirst(32)), !s.isZero
    else { throw .outOfRange }
    var parsed = secp256k1_ecdsa_signature()
    return unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ecdsa_signature_parse_compact(context, &parsed, compact) == 1
        && secp256k1_ecdsa_signature_normalize(context, nil, &parsed) == 0
    }
  }
}
