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
    let (v0, v1, v2, v3) = (word(0), word(1), word(2), word(3))
    let (d3, b3) = subtract(v3, order.3, 0)
    let (d2, b2) = subtract(v2, order.2, b3)
    let (d1, b1) = subtract(v1, order.1, b2)
    let (d0, b0) = subtract(v0, order.0, b1)
    // No borrow: the value was not below the order.
    let mask = b0 &- 1
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
    let (_, b3) = subtract(word(3), order.3, 0)
    let (_, b2) = subtract(word(2), order.2, b3)
    let (_, b1) = subtract(word(1), order.1, b2)
    let (_, b0) = subtract(word(0), order.0, b1)
    return b0 == 1
  }

  private static func subtract(_ left: UInt64, _ right: UInt64, _ borrow: UInt64) -> (UInt64, UInt64) {
    let (first, firstBorrow) = left.subtractingReportingOverflow(right)
    let (second, secondBorrow) = first.subtractingReportingOverflow(borrow)
    return (second, (firstBorrow ? 1 : 0) | (secondBorrow ? 1 : 0))
  }
}
