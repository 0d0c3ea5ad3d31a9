internal import CSecp256k1
internal import CSodium

/// Secret arithmetic of ``Secp256k1`` on big-endian scalars, all in constant time.
///
/// libsecp256k1's tweak calls serve secret keys, which are never zero: adding to zero leaves zero and reports failure.
/// The functions here select around that, so zero is an ordinary value.
public enum Secp256k1Secrets: SecretScalarArithmetic {
  public static func add(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe result.copyMemory(from: left, byteCount: 32)
    _ = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_seckey_tweak_add(
        context, result.assumingMemoryBound(to: UInt8.self), right.assumingMemoryBound(to: UInt8.self))
    }
    let leftIsZero = unsafe zeroMask(left)
    for index in 0..<32 {
      let sum = unsafe result.load(fromByteOffset: index, as: UInt8.self)
      let other = unsafe right.load(fromByteOffset: index, as: UInt8.self)
      unsafe result.storeBytes(of: (sum & ~leftIsZero) | (other & leftIsZero), toByteOffset: index, as: UInt8.self)
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

  public static func isCanonical(_ value: UnsafeRawPointer) -> Bool {
    var borrow: UInt16 = 0
    for (index, limb) in Secp256k1Scalar.order.enumerated().reversed() {
      let byte = unsafe value.load(fromByteOffset: index, as: UInt8.self)
      let difference = UInt16(byte) &- UInt16(limb) &- borrow
      borrow = (difference >> 8) & 1
    }
    return borrow == 1
  }

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

  /// 0xff when the value is zero, else 0, without a branch.
  private static func zeroMask(_ value: UnsafeRawPointer) -> UInt8 {
    var bits: UInt8 = 0
    for index in 0..<32 { bits |= unsafe value.load(fromByteOffset: index, as: UInt8.self) }
    return UInt8(truncatingIfNeeded: (UInt16(bits) &- 1) >> 8)
  }
}
