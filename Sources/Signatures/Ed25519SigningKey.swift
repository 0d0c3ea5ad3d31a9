internal import CSodium
public import Secrets

/// An Ed25519 key pair in wiped memory, for identities and user sessions. Never a share of a network key.
public final class Ed25519SigningKey: Sendable {
  public static let seedByteCount = 32

  public let publicKey: [UInt8]
  private let seedBytes: SecretBytes
  /// The library's form: seed ‖ public key.
  private let secretKey: SecretBytes

  /// - Parameter seed: the 32 bytes RFC 8032 calls the private key.
  public convenience init(seed: borrowing SecretBytes) throws(SignatureError) {
    guard seed.count == Self.seedByteCount else {
      throw .wrongLength(expected: Self.seedByteCount, actual: seed.count)
    }
    self.init(measured: seed.clone())
  }

  public convenience init(from random: inout some RandomSource) {
    self.init(measured: SecretBytes(count: Self.seedByteCount, from: &random))
  }

  private init(measured seed: consuming SecretBytes) {
    var publicKey = [UInt8](repeating: 0, count: Ed25519.publicKeyByteCount)
    var secretKey = SecretBytes(zeroed: Self.seedByteCount + Ed25519.publicKeyByteCount)
    _ = unsafe secretKey.withUnsafeMutablePointer { secretKey in
      unsafe seed.withUnsafePointer { seed in
        unsafe crypto_sign_ed25519_seed_keypair(
          &publicKey, secretKey.assumingMemoryBound(to: UInt8.self), seed.assumingMemoryBound(to: UInt8.self))
      }
    }
    self.publicKey = publicKey
    self.secretKey = secretKey
    seedBytes = seed
  }

  public func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
    _ = unsafe secretKey.withUnsafePointer { secretKey in
      unsafe crypto_sign_ed25519_detached(
        &signature, nil, message, UInt64(message.count), secretKey.assumingMemoryBound(to: UInt8.self))
    }
    return signature
  }

  /// For sealed storage; nothing else needs it.
  public func seed() -> SecretBytes { seedBytes.clone() }
}
