internal import CSodium

/// Expands a secret 32-byte seed under a public nonce: the keystream of XChaCha20, which has no secret-dependent branch
/// or address.
///
/// Nonces are 24 bytes of a hash, so that no two of them are the same by chance.
public enum SeedExpansion {
  public static let seedByteCount = 32
  public static let nonceByteCount = 24

  /// - Parameter seed: ``seedByteCount`` bytes.
  /// - Precondition: the nonce has ``nonceByteCount`` bytes, a length the caller has fixed.
  public static func fill(_ output: UnsafeMutableRawBufferPointer, seed: UnsafeRawPointer, nonce: [UInt8]) {
    precondition(nonce.count == nonceByteCount, "a fixed length of the caller")
    guard let start = output.baseAddress else { return }
    _ = unsafe crypto_stream_xchacha20(
      start.assumingMemoryBound(to: UInt8.self), UInt64(output.count), nonce,
      seed.assumingMemoryBound(to: UInt8.self))
  }

  /// The expansion of a seed that is expanded this once: ChaCha20, which needs no nonce then.
  ///
  /// - Parameter seed: ``seedByteCount`` bytes.
  public static func fill(_ output: UnsafeMutableRawBufferPointer, onceFrom seed: UnsafeRawPointer) {
    guard let start = output.baseAddress else { return }
    unsafe withUnsafeBytes(of: UInt64(0)) { nonce in
      guard let nonce = nonce.baseAddress else { return }
      _ = unsafe crypto_stream_chacha20(
        start.assumingMemoryBound(to: UInt8.self), UInt64(output.count), nonce.assumingMemoryBound(to: UInt8.self),
        seed.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Public bytes from a public seed.
  public static func bytes(_ count: Int, seed: [UInt8]) -> [UInt8] {
    precondition(seed.count == seedByteCount, "a fixed length of the caller")
    var result = [UInt8](repeating: 0, count: count)
    unsafe result.withUnsafeMutableBytes { output in
      unsafe seed.withUnsafeBytes { seed in
        guard let seed = seed.baseAddress else { return }
        unsafe fill(output, seed: seed, nonce: [UInt8](repeating: 0, count: nonceByteCount))
      }
    }
    return result
  }
}
