internal import CSecp256k1

extension Secp256k1Secrets {
  /// The order as four words, most significant first.
  private static let orderWords: (UInt64, UInt64, UInt64, UInt64) = (
    0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_fffe, 0xbaae_dce6_af48_a03b, 0xbfd2_5e8c_d036_4141
  )

  /// Reduces 32 big-endian bytes of a hash in place. The order is so close to 2²⁵⁶ that one subtraction, chosen by mask,
  /// is enough, and that the result is off uniform by 2⁻¹²⁸.
  public static func reduceOnce(_ value: UnsafeMutableRawPointer) {
    func word(_ index: Int) -> UInt64 {
      unsafe UInt64(bigEndian: value.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    let order = orderWords
    let v0 = word(0), v1 = word(1), v2 = word(2), v3 = word(3)
    var borrow: UInt64 = 0
    let d3 = subtract(v3, order.3, &borrow)
    let d2 = subtract(v2, order.2, &borrow)
    let d1 = subtract(v1, order.1, &borrow)
    let d0 = subtract(v0, order.0, &borrow)
    // No borrow: the value was not below the order.
    let mask = opaque_mask(borrow &- 1)
    func put(_ index: Int, _ kept: UInt64, _ reduced: UInt64) {
      let chosen = kept ^ ((kept ^ reduced) & mask)
      unsafe value.storeBytes(of: chosen.bigEndian, toByteOffset: 8 * index, as: UInt64.self)
    }
    put(0, v0, d0)
    put(1, v1, d1)
    put(2, v2, d2)
    put(3, v3, d3)
  }

  /// Subtracts the order and looks at the borrow alone.
  static func isBelowOrder(_ value: UnsafeRawPointer) -> Bool {
    func word(_ index: Int) -> UInt64 {
      unsafe UInt64(bigEndian: value.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    let order = orderWords
    var borrow: UInt64 = 0
    _ = subtract(word(3), order.3, &borrow)
    _ = subtract(word(2), order.2, &borrow)
    _ = subtract(word(1), order.1, &borrow)
    _ = subtract(word(0), order.0, &borrow)
    return borrow == 1
  }

  /// `left − right − borrow`, and the new borrow from its bits: nothing is compared.
  private static func subtract(_ left: UInt64, _ right: UInt64, _ borrow: inout UInt64) -> UInt64 {
    let difference = left &- right &- borrow
    borrow = ((~left & right) | ((~left | right) & difference)) >> 63
    return difference
  }
}
