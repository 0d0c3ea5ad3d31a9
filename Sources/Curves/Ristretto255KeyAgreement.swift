internal import CSodium
public import Secrets

extension SecretScalar where Group == Ristretto255 {
  /// Diffie–Hellman: the encoding of `self · element`, 32 bytes, in memory that is wiped.
  public borrowing func sharedSecret(with element: Ristretto255Element) -> SecretBytes {
    var result = SecretBytes(zeroed: Ristretto255.elementByteCount)
    unsafe withUnsafePointer { scalar in
      unsafe result.withUnsafeMutablePointer { output in
        // Fails exactly when the product is the identity, whose encoding (zeros) it then leaves.
        _ = unsafe crypto_scalarmult_ristretto255(
          output.assumingMemoryBound(to: UInt8.self), scalar.assumingMemoryBound(to: UInt8.self),
          element.canonicalBytes)
      }
    }
    return result
  }
}
