import CSodium
import Secrets

/// Hashes of secrets whose inputs, results and states live in wiped memory only.
enum SecretDigest {
  static func sha512(_ input: borrowing SecretBytes) -> SecretBytes {
    unsafe digest(input, byteCount: 64) { unsafe crypto_hash_sha512($0, $1, $2) }
  }

  static func sha256(_ input: borrowing SecretBytes) -> SecretBytes {
    unsafe digest(input, byteCount: 32) { unsafe crypto_hash_sha256($0, $1, $2) }
  }

  /// `prefix ‖ secret ‖ suffix`.
  static func joined(_ prefix: [UInt8], _ secret: borrowing SecretBytes, _ suffix: [UInt8]) -> SecretBytes {
    var result = SecretBytes(zeroed: prefix.count + secret.count + suffix.count)
    result.replaceBytes(at: 0, with: prefix)
    result.replaceBytes(at: prefix.count, with: secret)
    result.replaceBytes(at: prefix.count + secret.count, with: suffix)
    return result
  }

  /// Of two byte strings of one length.
  static func exclusiveOr(_ left: borrowing SecretBytes, _ right: borrowing SecretBytes) -> SecretBytes {
    var result = left.clone()
    unsafe result.withUnsafeMutableBytes { target in
      unsafe right.withUnsafeBytes { right in
        for index in target.indices { unsafe target[index] ^= right[index] }
      }
    }
    return result
  }

  /// libsodium wipes the hash state itself.
  private static func digest(
    _ input: borrowing SecretBytes, byteCount: Int,
    _ hash: (UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UInt64) -> Int32
  ) -> SecretBytes {
    let count = UInt64(input.count)
    var result = SecretBytes(zeroed: byteCount)
    unsafe input.withUnsafePointer { input in
      unsafe result.withUnsafeMutablePointer { output in
        _ = unsafe hash(
          output.assumingMemoryBound(to: UInt8.self), input.assumingMemoryBound(to: UInt8.self), count)
      }
    }
    return result
  }
}
