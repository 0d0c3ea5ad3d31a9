internal import Crypto
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

enum SecretDigest {
  static func sha256(_ secret: borrowing SecretBytes) -> SecretBytes {
    var hash = SHA256()
    unsafe secret.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    let digest = hash.finalize()
    var bytes = SecretBytes(zeroed: SHA256.byteCount)
    unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe digest.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) }
    }
    return bytes
  }

  /// HKDF-SHA256 (RFC 5869).
  static func hkdf(_ secret: borrowing SecretBytes, salt: [UInt8], info: [UInt8], count: Int) -> SecretBytes {
    let input = unsafe secret.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    let output = HKDF<SHA256>.deriveKey(inputKeyMaterial: input, salt: salt, info: info, outputByteCount: count)
    var bytes = SecretBytes(zeroed: count)
    unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe output.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) }
    }
    return bytes
  }
}

extension SecretBytes {
  /// XORs the other bytes into these, as far as both go.
  mutating func mask(with other: borrowing SecretBytes) {
    unsafe withUnsafeMutableBytes { target in
      unsafe other.withUnsafeBytes { mask in
        for index in 0..<min(target.count, mask.count) { unsafe target[index] ^= mask[index] }
      }
    }
  }

  /// Makes masked bytes public: a ciphertext.
  func publicBytes() -> [UInt8] {
    unsafe withUnsafeBytes { unsafe Array($0) }
  }
}
