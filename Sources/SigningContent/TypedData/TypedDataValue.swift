internal import Identifiers
internal import Signatures

/// How values are written in typed data: numbers as JSON integers, decimal text or `0x` hex without leading zeros; bytes
/// as `0x` hex in either case; addresses in EIP-55 or all lower case.
enum TypedDataValue {
  static func unsigned(_ value: JSONValue, bits: Int) throws(TypedDataError) -> UInt256 {
    guard let number = magnitude(value, allowsNegative: false), number.value.isBelow(bits: bits) else {
      throw .invalidValue
    }
    return number.value
  }

  /// In two's complement over 256 bits.
  static func signed(_ value: JSONValue, bits: Int) throws(TypedDataError) -> UInt256 {
    guard let number = magnitude(value, allowsNegative: true) else { throw .invalidValue }
    if !number.isNegative {
      guard number.value.isBelow(bits: bits - 1) else { throw .invalidValue }
      return number.value
    }
    // −2^(bits−1) is the smallest: the magnitude less one is below 2^(bits−1), and its complement is the encoding.
    let lessOne = number.value.decremented
    guard lessOne.isBelow(bits: bits - 1) else { throw .invalidValue }
    return lessOne.complement
  }

  private static func magnitude(
    _ value: JSONValue, allowsNegative: Bool
  ) -> (isNegative: Bool, value: UInt256)? {
    switch value {
    case .integer(let number):
      guard number >= 0 || allowsNegative else { return nil }
      return (number < 0, UInt256(number.magnitude))
    case .string(let text):
      if text.utf8.starts(with: "0x".utf8) { return quantity(text).map { (false, $0) } }
      guard text.utf8.first == UInt8(ascii: "-") else { return UInt256(decimal: text).map { (false, $0) } }
      guard allowsNegative, let number = UInt256(decimal: String(text.dropFirst())), !number.isZero else { return nil }
      return (true, number)
    default: return nil
    }
  }

  private static func quantity(_ text: String) -> UInt256? {
    let digits = Array(text.utf8.dropFirst(2))
    guard (1...64).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    let even = digits.count.isMultiple(of: 2) ? digits : [UInt8(ascii: "0")] + digits
    return (try? Hex.decode(lowerCase(even))).flatMap { UInt256(bigEndianBytes: $0) }
  }

  static func bytes(_ value: JSONValue) throws(TypedDataError) -> [UInt8] {
    guard case .string(let text) = value, text.utf8.starts(with: "0x".utf8),
      let bytes = try? Hex.decode(lowerCase(text.utf8.dropFirst(2)))
    else { throw .invalidValue }
    return bytes
  }

  /// Padded at the end to 32 bytes.
  static func fixedBytes(_ value: JSONValue, count: Int) throws(TypedDataError) -> [UInt8] {
    let bytes = try bytes(value)
    guard bytes.count == count, count <= 32 else { throw .invalidValue }
    return bytes + [UInt8](repeating: 0, count: 32 - count)
  }

  static func address(_ value: JSONValue) throws(TypedDataError) -> WalletAddress {
    guard case .string(let text) = value, text.utf8.count == 42 else { throw .invalidValue }
    if let address = try? WalletAddress(text: text) { return address }
    guard let address = try? WalletAddress(checksumText: text) else { throw .invalidValue }
    return address
  }

  private static func lowerCase(_ digits: some Sequence<UInt8>) -> [UInt8] {
    digits.map { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) ? $0 + 32 : $0 }
  }
}

extension UInt256 {
  func isBelow(bits: Int) -> Bool {
    bits >= 256 || (bits >= 128 ? high >> (bits - 128) == 0 : high == 0 && low >> bits == 0)
  }

  /// One less, for a value that is not zero.
  fileprivate var decremented: UInt256 {
    low == 0 ? UInt256(high: high &- 1, low: .max) : UInt256(high: high, low: low - 1)
  }

  fileprivate var complement: UInt256 { UInt256(high: ~high, low: ~low) }
}
