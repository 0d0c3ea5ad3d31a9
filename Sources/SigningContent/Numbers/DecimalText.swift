extension UInt256 {
  /// Decimal digits without leading zeros, and nothing else.
  public init?(decimal text: String) {
    let digits = Array(text.utf8)
    guard (1...78).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    var value = UInt256.zero
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit),
        let next = value.multiplied(by: 10)?.adding(UInt256(UInt64(digit - UInt8(ascii: "0"))))
      else { return nil }
      value = next
    }
    self = value
  }

  public var decimal: String {
    var digits: [UInt8] = []
    var rest = self
    // Ten divides 256 bits away in 78 steps.
    while !rest.isZero, let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10) {
      digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    return digits.isEmpty ? "0" : String(decoding: digits.reversed(), as: UTF8.self)
  }

  /// The exact value in a unit of 10^`decimals`: 1500 with three decimals is `1.5`.
  public func decimal(inUnitsOf decimals: Int) -> String {
    let digits = Array(decimal.utf8)
    let padded = [UInt8](repeating: UInt8(ascii: "0"), count: Swift.max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals)
    var fraction = Array(padded.suffix(decimals))
    while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    let text = fraction.isEmpty ? Array(whole) : whole + [UInt8(ascii: ".")] + fraction
    return String(decoding: text, as: UTF8.self)
  }
}

extension UInt256: CustomStringConvertible {
  public var description: String { decimal }
}
