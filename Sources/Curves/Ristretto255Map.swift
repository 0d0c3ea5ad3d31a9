internal import CSodium
public import Secrets

extension Ristretto255Element {
  /// The one-way map of RFC 9496 section 4.3.4 from 64 uniform bytes, in constant time; uniform up to a negligible bias.
  public init(mapping uniform: borrowing SecretBytes) {
    precondition(uniform.count == 64, "a fixed length of the caller")
    var result = [UInt8](repeating: 0, count: 32)
    unsafe uniform.withUnsafePointer { bytes in
      _ = unsafe crypto_core_ristretto255_from_hash(&result, bytes.assumingMemoryBound(to: UInt8.self))
    }
    self.init(unchecked: result)
  }
}
