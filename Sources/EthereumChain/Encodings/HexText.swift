public import Identifiers
public import SigningContent
public import Wire

/// The two ways in which JSON-RPC of Ethereum writes values: bytes as `0x` and two digits each, numbers as `0x` and
/// digits without leading zeros. Digits of either case are read, lower case is written.
public enum HexText {
  /// - Parameter limit: the most bytes.
  public static func bytes(_ text: String, limit: Int) -> [UInt8]? {
    guard text.utf8.count <= 2 + 2 * limit, text.utf8.starts(with: "0x".utf8) else { return nil }
    return try? Hex.decode(text.utf8.dropFirst(2).map(lowerCase))
  }

  public static func number(_ text: String) -> UInt256? {
    guard (3...66).contains(text.utf8.count), text.utf8.starts(with: "0x".utf8) else { return nil }
    var digits = text.utf8.dropFirst(2).map(lowerCase)
    guard digits.first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
    if !digits.count.isMultiple(of: 2) { digits.insert(UInt8(ascii: "0"), at: 0) }
    guard let bytes = try? Hex.decode(digits) else { return nil }
    return UInt256(bigEndianBytes: bytes)
  }

  public static func write(_ bytes: some Sequence<UInt8>) -> String { "0x" + Hex.encode(bytes) }

  public static func write(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }

  public static func write(_ number: UInt256) -> String {
    let digits = Hex.encode(number.minimalBytes).drop { $0 == "0" }
    return digits.isEmpty ? "0x0" : "0x" + digits
  }

  private static func lowerCase(_ character: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(character) ? character + 32 : character
  }
}

extension UInt256 {
  /// Nil where the number needs more than 64 bits.
  public var uint64: UInt64? {
    let bytes = minimalBytes
    return bytes.count <= 8 ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : nil
  }
}

/// Members of JSON-RPC answers. What nobody asks for is passed over: endpoints add what they like.
extension JSONFields {
  public mutating func hexBytes(_ name: String, limit: Int) throws(FormatError) -> [UInt8] {
    guard let bytes = HexText.bytes(try string(name, limit: 2 + 2 * limit), limit: limit) else { throw .invalid(name) }
    return bytes
  }

  public mutating func hexBytes(_ name: String, count: Int) throws(FormatError) -> [UInt8] {
    let bytes = try hexBytes(name, limit: count)
    guard bytes.count == count else { throw .invalid(name) }
    return bytes
  }

  public mutating func hexIdentifier<Kind>(
    _ name: String, as type: Identifier<Kind>.Type = Identifier<Kind>.self
  ) throws(FormatError) -> Identifier<Kind> {
    guard let value = try? Identifier<Kind>(bytes: hexBytes(name, count: Kind.byteCount)) else { throw .invalid(name) }
    return value
  }

  public mutating func hexNumber(_ name: String) throws(FormatError) -> UInt256 {
    guard let number = HexText.number(try string(name, limit: 66)) else { throw .invalid(name) }
    return number
  }

  public mutating func hexUInt64(_ name: String) throws(FormatError) -> UInt64 {
    guard let number = try hexNumber(name).uint64 else { throw .invalid(name) }
    return number
  }

  /// What `read` makes of the member; nil where there is none or it is `null`.
  mutating func ifPresent<Value>(
    _ name: String, _ read: (inout JSONFields) throws(FormatError) -> Value
  ) throws(FormatError) -> Value? {
    guard let value = optional(name), value != .null else { return nil }
    var alone = try JSONFields(.object([JSONMember(name, value)]))
    return try read(&alone)
  }
}
