internal import CSodium
import Identifiers
public import Secrets

/// SHA-512 over tagged fields some of which are secret, in memory that is wiped.
///
/// Fed with the same fields it gives the bytes of ``TaggedHash/sha512(_:_:)``.
public struct SecretHash: ~Copyable {
  public static let byteCount = 64

  private var state: crypto_hash_sha512_state

  public init(_ domain: Domain) {
    state = crypto_hash_sha512_state()
    unsafe crypto_hash_sha512_init(&state)
    update(domain.bytes)
  }

  public mutating func append(_ field: [UInt8]) {
    update(UInt32(field.count).bigEndianBytes)
    update(field)
  }

  public mutating func append(_ field: borrowing SecretBytes) {
    update(UInt32(field.count).bigEndianBytes)
    unsafe field.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe crypto_hash_sha512_update(
        &state, start.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }
  }

  /// The library wipes its state as it finishes.
  public consuming func finish() -> SecretBytes {
    var result = SecretBytes(zeroed: Self.byteCount)
    unsafe result.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe crypto_hash_sha512_final(&state, start.assumingMemoryBound(to: UInt8.self))
    }
    return result
  }

  private mutating func update(_ bytes: [UInt8]) {
    unsafe crypto_hash_sha512_update(&state, bytes, UInt64(bytes.count))
  }
}
