/// A type of EIP-712: atomic, dynamic, a named struct, or an array of one of them.
indirect enum TypedDataType: Sendable, Hashable {
  /// `uint8` … `uint256`.
  case unsigned(bits: Int)
  /// `int8` … `int256`.
  case signed(bits: Int)
  /// `bytes1` … `bytes32`.
  case fixedBytes(Int)
  case address
  case bool
  case bytes
  case string
  case structure(String)
  case fixedArray(TypedDataType, count: Int)
  case array(TypedDataType)

  /// How often an array may be an array's element.
  static let deepestArray = 4
  static let longestFixedArray = 9_999

  init(_ text: String) throws(TypedDataError) {
    try self.init(Array(text.utf8)[...], depth: 0)
  }

  private init(_ text: ArraySlice<UInt8>, depth: Int) throws(TypedDataError) {
    guard text.last == UInt8(ascii: "]") else {
      self = try Self.plain(String(decoding: text, as: UTF8.self))
      return
    }
    guard depth < Self.deepestArray, let opening = text.lastIndex(of: UInt8(ascii: "[")) else {
      throw .unknownType
    }
    let element = try Self(text[..<opening], depth: depth + 1)
    let count = text[(opening + 1)...].dropLast()
    if count.isEmpty {
      self = .array(element)
      return
    }
    guard let number = Self.number(count, upTo: Self.longestFixedArray) else { throw .unknownType }
    self = .fixedArray(element, count: number)
  }

  private static func plain(_ text: String) throws(TypedDataError) -> Self {
    if let atomic = atomic(text) { return atomic }
    guard isStructName(text) else { throw .unknownType }
    return .structure(text)
  }

  private static func atomic(_ text: String) -> Self? {
    let utf8 = Array(text.utf8)
    if utf8 == Array("address".utf8) { return .address }
    if utf8 == Array("bool".utf8) { return .bool }
    if utf8 == Array("bytes".utf8) { return .bytes }
    if utf8 == Array("string".utf8) { return .string }
    if utf8.starts(with: "bytes".utf8), let count = number(utf8[5...], upTo: 32) { return .fixedBytes(count) }
    if utf8.starts(with: "uint".utf8), let bits = number(utf8[4...], upTo: 256), bits.isMultiple(of: 8) {
      return .unsigned(bits: bits)
    }
    if utf8.starts(with: "int".utf8), let bits = number(utf8[3...], upTo: 256), bits.isMultiple(of: 8) {
      return .signed(bits: bits)
    }
    return nil
  }

  /// An identifier of Solidity that cannot be taken for an atomic type, also not for one that does not exist.
  static func isStructName(_ text: String) -> Bool {
    let utf8 = Array(text.utf8)
    guard (1...64).contains(utf8.count), let first = utf8.first, isLetter(first),
      utf8.allSatisfy({ isLetter($0) || isDigit($0) })
    else { return false }
    let stem = utf8.prefix { !isDigit($0) }
    let isAllButDigits = utf8.dropFirst(stem.count).allSatisfy(isDigit)
    let reserved = ["address", "bool", "bytes", "string", "int", "uint"]
    return !isAllButDigits || !reserved.contains { $0.utf8.elementsEqual(stem) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "_"), UInt8(ascii: "$"): true
    default: false
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// 1 up to the bound, without leading zeros.
  private static func number(_ digits: ArraySlice<UInt8>, upTo bound: Int) -> Int? {
    guard (1...4).contains(digits.count), digits.first != UInt8(ascii: "0"), digits.allSatisfy(isDigit) else {
      return nil
    }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return value <= bound ? value : nil
  }

  /// The struct this type is, or is an array of.
  var structName: String? {
    switch self {
    case .structure(let name): name
    case .array(let element), .fixedArray(let element, _): element.structName
    default: nil
    }
  }
}
