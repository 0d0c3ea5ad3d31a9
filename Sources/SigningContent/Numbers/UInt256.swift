import Identifiers

/// An unsigned number of 256 bits, big-endian where it is bytes: the word of the Ethereum virtual machine.
///
/// It knows what judging and showing amounts needs, and no operation that wraps round.
public struct UInt256: Sendable, Hashable {
  let high: UInt128
  let low: UInt128

  init(high: UInt128, low: UInt128) {
    self.high = high
    self.low = low
  }

  public init(_ value: UInt64) {
    self.init(high: 0, low: UInt128(value))
  }

  public static let zero = UInt256(0)
  public static let max = UInt256(high: .max, low: .max)

  /// At most 32 big-endian bytes; leading zeros are the caller's matter.
  public init?(bigEndianBytes bytes: some Collection<UInt8>) {
    guard bytes.count <= 32 else { return nil }
    var high: UInt128 = 0
    var low: UInt128 = 0
    for byte in bytes {
      high = high << 8 | low >> 120
      low = low << 8 | UInt128(byte)
    }
    self.init(high: high, low: low)
  }

  /// Always 32 bytes.
  public var bigEndianBytes: [UInt8] { high.bigEndianBytes + low.bigEndianBytes }

  /// Without leading zeros; zero is no byte at all.
  public var minimalBytes: [UInt8] { Array(bigEndianBytes.drop { $0 == 0 }) }

  public var isZero: Bool { high == 0 && low == 0 }

  public func adding(_ other: UInt256) -> UInt256? {
    let (sum, carry) = low.addingReportingOverflow(other.low)
    let (upper, overflow) = high.addingReportingOverflow(other.high)
    let (total, overflowOfCarry) = upper.addingReportingOverflow(carry ? 1 : 0)
    return overflow || overflowOfCarry ? nil : UInt256(high: total, low: sum)
  }

  public func multiplied(by factor: UInt64) -> UInt256? {
    let lower = low.multipliedFullWidth(by: UInt128(factor))
    let (upper, overflow) = high.multipliedReportingOverflow(by: UInt128(factor))
    let (total, overflowOfCarry) = upper.addingReportingOverflow(lower.high)
    return overflow || overflowOfCarry ? nil : UInt256(high: total, low: lower.low)
  }

  func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: UInt256, remainder: UInt64)? {
    guard divisor > 0 else { return nil }
    let (upper, rest) = high.quotientAndRemainder(dividingBy: UInt128(divisor))
    // The rest is below the divisor, so the quotient of the full width fits.
    let (lower, remainder) = UInt128(divisor).dividingFullWidth((rest, low))
    return (UInt256(high: upper, low: lower), UInt64(truncatingIfNeeded: remainder))
  }
}

extension UInt256: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}
