internal import CSodium

/// The scalar operations that edwards25519 and ristretto255 share; libsodium computes them in constant time.
public protocol Scalar25519Secrets: SecretScalarArithmetic {}

extension Scalar25519Secrets {
  public static func add(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe crypto_core_ed25519_scalar_add(
      result.assumingMemoryBound(to: UInt8.self), left.assumingMemoryBound(to: UInt8.self),
      right.assumingMemoryBound(to: UInt8.self))
  }

  public static func multiply(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe crypto_core_ed25519_scalar_mul(
      result.assumingMemoryBound(to: UInt8.self), left.assumingMemoryBound(to: UInt8.self),
      right.assumingMemoryBound(to: UInt8.self))
  }

  public static func negate(_ result: UnsafeMutableRawPointer, _ value: UnsafeRawPointer) {
    unsafe crypto_core_ed25519_scalar_negate(
      result.assumingMemoryBound(to: UInt8.self), value.assumingMemoryBound(to: UInt8.self))
  }

  public static func reduceWide(_ result: UnsafeMutableRawPointer, _ wide: UnsafeRawPointer) {
    unsafe crypto_core_ed25519_scalar_reduce(
      result.assumingMemoryBound(to: UInt8.self), wide.assumingMemoryBound(to: UInt8.self))
  }

  /// Subtracts ℓ and looks at the borrow alone.
  public static func isCanonical(_ value: UnsafeRawPointer) -> Bool {
    var borrow: UInt16 = 0
    for (index, limb) in Scalar25519.order.enumerated() {
      let byte = unsafe value.load(fromByteOffset: index, as: UInt8.self)
      let difference = UInt16(byte) &- UInt16(limb) &- borrow
      borrow = (difference >> 8) & 1
    }
    return borrow == 1
  }
}
