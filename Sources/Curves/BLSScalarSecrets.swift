internal import CBlst
internal import CSodium

/// The scalar operations of both BLS12-381 groups on secret big-endian scalars. blst computes them in constant time;
/// intermediate values are wiped.
public protocol BLSScalarSecrets: SecretScalarArithmetic {}

extension BLSScalarSecrets {
  public static func add(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe combine(result, left, right) { unsafe blst_fr_add($0, $1, $2) }
  }

  public static func multiply(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe combine(result, left, right) { unsafe blst_fr_mul($0, $1, $2) }
  }

  public static func negate(_ result: UnsafeMutableRawPointer, _ value: UnsafeRawPointer) {
    unsafe combine(result, value, value) { result, value, _ in unsafe blst_fr_cneg(result, value, true) }
  }

  public static func reduceWide(_ result: UnsafeMutableRawPointer, _ wide: UnsafeRawPointer) {
    var scalar = blst_scalar()
    _ = unsafe blst_scalar_from_be_bytes(&scalar, wide.assumingMemoryBound(to: UInt8.self), 64)
    unsafe blst_bendian_from_scalar(result.assumingMemoryBound(to: UInt8.self), &scalar)
    unsafe sodium_memzero(&scalar, MemoryLayout<blst_scalar>.size)
  }

  public static func isCanonical(_ value: UnsafeRawPointer) -> Bool {
    unsafe withScalar(value) { unsafe blst_scalar_fr_check($0) }
  }

  /// Hands out the library's little-endian form of a big-endian secret and wipes it afterwards.
  static func withScalar<Result>(_ value: UnsafeRawPointer, _ body: (UnsafePointer<blst_scalar>) -> Result) -> Result {
    var scalar = blst_scalar()
    unsafe blst_scalar_from_bendian(&scalar, value.assumingMemoryBound(to: UInt8.self))
    let result = unsafe withUnsafePointer(to: &scalar) { unsafe body($0) }
    unsafe sodium_memzero(&scalar, MemoryLayout<blst_scalar>.size)
    return result
  }

  private static func combine(
    _ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer,
    _ operation: (UnsafeMutablePointer<blst_fr>, UnsafePointer<blst_fr>, UnsafePointer<blst_fr>) -> Void
  ) {
    var (a, b, sum, scalar) = (blst_fr(), blst_fr(), blst_fr(), blst_scalar())
    unsafe withScalar(left) { unsafe blst_fr_from_scalar(&a, $0) }
    unsafe withScalar(right) { unsafe blst_fr_from_scalar(&b, $0) }
    unsafe operation(&sum, &a, &b)
    unsafe blst_scalar_from_fr(&scalar, &sum)
    unsafe blst_bendian_from_scalar(result.assumingMemoryBound(to: UInt8.self), &scalar)
    unsafe sodium_memzero(&a, MemoryLayout<blst_fr>.size)
    unsafe sodium_memzero(&b, MemoryLayout<blst_fr>.size)
    unsafe sodium_memzero(&sum, MemoryLayout<blst_fr>.size)
    unsafe sodium_memzero(&scalar, MemoryLayout<blst_scalar>.size)
  }
}
