internal import CSodium
import Identifiers
public import Secrets

/// SHA-512 over tagged fields some of which are secret, in memory that is wiped.
///
/// Fed with the same fields it gives the bytes of ``TaggedHash/sha512(_:_:)``.
public struct SecretHash: ~Copyable {
  public static let byteCount = 64

  /// The library's state, which holds up to 127 bytes of the input. Behind a pointer: a value that is moved leaves its
  /// old bytes on the stack.
  private var state = SecretBytes(zeroed: MemoryLayout<crypto_hash_sha512_state>.size)

  public init(_ domain: Domain) {
    unsafe withState { unsafe crypto_hash_sha512_init($0) }
    update(domain.bytes)
  }

  public mutating func append(_ field: [UInt8]) {
    update(UInt32(field.count).bigEndianBytes)
    update(field)
  }

  public mutating func append(_ field: borrowing SecretBytes) {
    update(UInt32(field.count).bigEndianBytes)
    unsafe withState { state in
      unsafe field.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        unsafe crypto_hash_sha512_update(state, start.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
      }
    }
  }

  public consuming func finish() -> SecretBytes {
    var result = SecretBytes(zeroed: Self.byteCount)
    unsafe result.withUnsafeMutablePointer { output in
      unsafe withState { unsafe crypto_hash_sha512_final($0, output.assumingMemoryBound(to: UInt8.self)) }
    }
    return result
  }

  private mutating func update(_ bytes: [UInt8]) {
    unsafe withState { unsafe crypto_hash_sha512_update($0, bytes, UInt64(bytes.count)) }
  }

  private mutating func withState(_ body: (UnsafeMutablePointer<crypto_hash_sha512_state>) -> Void) {
    unsafe state.withUnsafeMutablePointer { start in
      unsafe body(start.bindMemory(to: crypto_hash_sha512_state.self, capacity: 1))
    }
  }
}
