import Crypto
import Curves
import Secrets

/// The hashes of the suites over secp256k1: SHA-256, and `hash_to_field` of RFC 9380 with `expand_message_xmd` over it
/// (RFC 9591 section 6.5).
enum SchnorrSHA256 {
  static func digest(_ prefix: [UInt8], _ message: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: prefix + message))
  }

  /// A 32-byte big-endian integer modulo the order.
  static func scalar(reducing digest: [UInt8]) -> Secp256k1.Scalar {
    Secp256k1.scalar(reducingHash: [UInt8](repeating: 0, count: 32) + digest)
  }

  /// `hash_to_field` of a secret: 48 bytes of `expand_message_xmd`, computed in wiped memory only.
  ///
  /// - Parameter domain: at most 255 bytes, which all our context strings are far below.
  static func secretScalar(_ input: borrowing SecretBytes, domain: [UInt8]) -> SecretScalar<Secp256k1> {
    let byteCount = 48
    let domainPrime = domain + [UInt8(truncatingIfNeeded: domain.count)]
    let blockOfZeros = [UInt8](repeating: 0, count: 64)
    let first = SecretDigest.sha256(
      SecretDigest.joined(blockOfZeros, input, [0, UInt8(byteCount), 0] + domainPrime))
    let second = SecretDigest.sha256(SecretDigest.joined([], first, [1] + domainPrime))
    let third = SecretDigest.sha256(
      SecretDigest.joined([], SecretDigest.exclusiveOr(first, second), [2] + domainPrime))

    // Zeros in front make the 48 big-endian bytes the 64 the group reduces.
    var wide = SecretBytes(zeroed: 64)
    wide.replaceBytes(at: 16, with: second)
    if let rest = third.copy(of: 0..<16) { wide.replaceBytes(at: 48, with: rest) }
    return SecretScalar.reducing(wide)
  }
}
