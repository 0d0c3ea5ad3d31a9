internal import CSecp256k1
public import Curves
public import Identifiers

/// ECDSA over secp256k1 with the one accepted signature of each pair: low s.
public enum ECDSASecp256k1 {
  /// - Parameter signature: r ‖ s, 64 bytes.
  public static func isValid(signature: [UInt8], digest: Digest32, publicKey: Secp256k1.Element) -> Bool {
    guard signature.count == 64 else { return false }
    var parsed = secp256k1_ecdsa_signature()
    let isParsed = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ecdsa_signature_parse_compact(context, &parsed, signature) == 1
    }
    return isParsed && isValid(parsed, digest, publicKey)
  }

  /// - Parameter derSignature: `SEQUENCE { r INTEGER, s INTEGER }` in DER, as Bitcoin transactions carry it.
  public static func isValid(derSignature: [UInt8], digest: Digest32, publicKey: Secp256k1.Element) -> Bool {
    var parsed = secp256k1_ecdsa_signature()
    let isParsed = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ecdsa_signature_parse_der(context, &parsed, derSignature, derSignature.count) == 1
    }
    return isParsed && isValid(parsed, digest, publicKey)
  }

  /// The library refuses high s by itself.
  private static func isValid(
    _ signature: secp256k1_ecdsa_signature, _ digest: Digest32, _ publicKey: Secp256k1.Element
  ) -> Bool {
    guard var key = publicKey.point else { return false }
    var signature = signature
    return unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ecdsa_verify(context, &signature, digest.bytes, &key) == 1
    }
  }
}
