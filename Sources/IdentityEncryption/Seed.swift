internal import Curves
internal import Secrets

/// α, the little-endian scalar from which message mask and commitment follow.
struct Seed: ~Copyable {
  static let byteCount = 32

  let bytes: SecretBytes

  /// H(32 random bytes).
  init(from random: inout some RandomSource) {
    let scalar = Seed.hash(SecretBytes(count: 32, from: &random), SecretBytes(zeroed: 0))
    bytes = Seed.reversed(scalar.canonicalBytes())
  }

  /// Takes what the recipient unmasked; nil unless it is below the group order.
  init?(unmasked: consuming SecretBytes) {
    guard (try? SecretScalar<BLS12381G1>(canonicalBytes: Seed.reversed(unmasked))) != nil else { return nil }
    bytes = unmasked
  }

  /// r = H(α ‖ SHA-256(message)), which ties the ciphertext to the message.
  func blinding(of message: borrowing SecretBytes) -> SecretScalar<BLS12381G1> {
    Seed.hash(bytes, SecretDigest.sha256(message))
  }

  func messageMask(_ count: Int) -> SecretBytes {
    SHAKE128.expand(bytes, count: count)
  }

  /// H: HKDF-SHA256 over `first ‖ second ‖ 0x00` to 48 big-endian bytes, reduced modulo the group order.
  private static func hash(
    _ first: borrowing SecretBytes, _ second: borrowing SecretBytes
  ) -> SecretScalar<BLS12381G1> {
    var input = SecretBytes(zeroed: first.count + second.count + 1)
    input.replaceBytes(at: 0, with: first)
    input.replaceBytes(at: first.count, with: second)
    let output = SecretDigest.hkdf(input, salt: salt, info: [0, 48], count: 48)
    var wide = SecretBytes(zeroed: SecretScalar<BLS12381G1>.wideByteCount)
    wide.replaceBytes(at: 16, with: output)
    return SecretScalar.reducing(wide)
  }

  private static let salt = Array("TIMELOCK_BLS12381_XOF:HKDF-SHA2-256_".utf8)

  private static func reversed(_ bytes: borrowing SecretBytes) -> SecretBytes {
    var reversed = SecretBytes(zeroed: bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      unsafe reversed.withUnsafeMutableBytes { unsafe $0.copyBytes(from: source.reversed()) }
    }
    return reversed
  }
}
