internal import CSecp256k1
internal import CSodium

/// Secret arithmetic of ``Secp256k1`` on big-endian scalars, all in constant time.
///
/// libsecp256k1's tweak calls serve secret keys, which are never zero: adding to zero leaves zero and reports failure.
/// The functions here select around that, so zero is an ordinary value.
public enum Secp256k1Secrets: SecretScalarArithmetic {
  /// The result may lie where the left operand is.
  public static func add(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    let leftIsZero = unsafe zeroMask(left)
    if unsafe UnsafeRawPointer(result) != left { unsafe result.copyMemory(from: left, byteCount: 32) }
    _ = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_seckey_tweak_add(
        context, result.assumingMemoryBound(to: UInt8.self), right.assumingMemoryBound(to: UInt8.self))
    }
    for index in 0..<4 {
      let offset = 8 * index
      let sum = unsafe result.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let other = unsafe right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      unsafe result.storeBytes(of: (sum & ~leftIsZero) | (other & leftIsZero), toByteOffset: offset, as: UInt64.self)
    }
  }

  public static func multiply(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe result.copyMemory(from: left, byteCount: 32)
    // A zero operand is reported as failure and yields zero, which is the product.
    _ = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_seckey_tweak_mul(
        context, result.assumingMemoryBound(to: UInt8.self), right.assumingMemoryBound(to: UInt8.self))
    }
  }

  public static func negate(_ result: UnsafeMutableRawPointer, _ value: UnsafeRawPointer) {
    unsafe result.copyMemory(from: value, byteCount: 32)
    _ = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_seckey_negate(context, result.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Horner's rule over four 128-bit digits, each below the order.
  public static func reduceWide(_ result: UnsafeMutableRawPointer, _ wide: UnsafeRawPointer) {
    unsafe reduce(result, wide, digits: 4)
  }

  static func reduce(_ result: UnsafeMutableRawPointer, _ wide: UnsafeRawPointer, digits: Int) {
    unsafe withUnsafeTemporaryAllocation(byteCount: 96, alignment: 16) { scratch in
      guard let sum = scratch.baseAddress else { return }
      let digit = unsafe sum + 32
      let radix = unsafe sum + 64
      unsafe sum.initializeMemory(as: UInt8.self, repeating: 0, count: 96)
      unsafe radix.storeBytes(of: 1, toByteOffset: 15, as: UInt8.self)  // 2¹²⁸
      for index in 0..<digits {
        unsafe multiply(result, sum, radix)
        unsafe (digit + 16).copyMemory(from: wide + 16 * index, byteCount: 16)
        unsafe sum.copyMemory(from: result, byteCount: 32)
        unsafe add(result, sum, digit)
        unsafe sum.copyMemory(from: result, byteCount: 32)
      }
      unsafe sodium_memzero(sum, 96)
    }
  }

  public static func isCanonical(_ value: UnsafeRawPointer) -> Bool { unsafe isBelowOrder(value) }

  public static func multiplyGenerator(_ scalar: UnsafeRawPointer) -> Secp256k1Element {
    var key = secp256k1_pubkey()
    // Fails exactly for zero, whose product is the identity.
    let status = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_pubkey_create(context, &key, scalar.assumingMemoryBound(to: UInt8.self))
    }
    return status == 1 ? Secp256k1Element(key) : .identity
  }

  /// The library's constant-time multiplication is ECDH; a hook takes the whole point instead of a hash.
  public static func multiply(_ element: Secp256k1Element, by scalar: UnsafeRawPointer) -> Secp256k1Element {
    guard var point = element.point else { return .identity }
    var encoded = [UInt8](repeating: 0, count: 65)
    let status = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ecdh(
        context, &encoded, &point, scalar.assumingMemoryBound(to: UInt8.self),
        { output, x, y, _ in
          guard let output = unsafe output, let x = unsafe x, let y = unsafe y else { return 0 }
          unsafe output.pointee = 4
          unsafe (output + 1).update(from: x, count: 32)
          unsafe (output + 33).update(from: y, count: 32)
          return 1
        }, nil)
    }
    guard status == 1 else { return .identity }
    return Secp256k1Element(parsing: encoded) ?? .identity
  }

  /// All ones when the value is zero, else zero, without a branch.
  private static func zeroMask(_ value: UnsafeRawPointer) -> UInt64 {
    var bits: UInt64 = 0
    for index in 0..<4 {
      bits |= unsafe value.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
    }
    return opaque_mask(((bits | (0 &- bits)) >> 63) &- 1)
  }
}
