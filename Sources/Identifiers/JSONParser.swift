extension JSONValue {
  /// Reads one value and nothing behind it.
  ///
  /// - Parameter limit: the most bytes looked at; longer input is refused before it is read.
  public init(parsing bytes: [UInt8], limit: Int) throws(JSONError) {
    guard bytes.count <= limit else { throw .tooLarge }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .invalidUTF8 }
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }
}

/// A recursive descent over RFC 8259; recursion is bounded by ``JSONValue/deepestNesting``.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw .trailingBytes }
    return value
  }

  private var next: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpace() {
    while let character = next, Self.isSpace(character) { position += 1 }
  }

  private static func isSpace(_ character: UInt8) -> Bool {
    switch character {
    case 0x20, 0x09, 0x0a, 0x0d: true
    default: false
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): try nested { parser throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): try nested { parser throws(JSONError) in try parser.array() }
    case UInt8(ascii: "\""): .string(try string())
    case UInt8(ascii: "t"): try literal("true", .bool(true))
    case UInt8(ascii: "f"): try literal("false", .bool(false))
    case UInt8(ascii: "n"): try literal("null", .null)
    default: .integer(try integer())
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < JSONValue.deepestNesting else { throw .tooDeep }
    depth += 1
    position += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func literal(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: text.utf8) else { throw .syntax }
    position += text.utf8.count
    return value
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    var members: [JSONMember] = []
    var names: Set<JSONName> = []
    skipSpace()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw .syntax }
      let name = try string()
      guard names.insert(JSONName(name)).inserted else { throw .duplicateName }
      skipSpace()
      guard take(":") else { throw .syntax }
      skipSpace()
      members.append(JSONMember(name, try value()))
      skipSpace()
    } while take(",")
    guard take("}") else { throw .syntax }
    return .object(members)
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    var values: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    repeat {
      skipSpace()
      values.append(try value())
      skipSpace()
    } while take(",")
    guard take("]") else { throw .syntax }
    return .array(values)
  }

  private mutating func integer() throws(JSONError) -> Int64 {
    let start = position
    let negative = take("-")
    var digits = 0
    var value: Int64 = 0
    while let digit = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
      // Sixteen digits hold 2⁵³ and cannot overflow 64 bits.
      guard digits < 16 else { throw .numberOutOfRange }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
      digits += 1
      position += 1
    }
    guard digits > 0 else { throw .syntax }
    let leadingZero = bytes[start + (negative ? 1 : 0)] == UInt8(ascii: "0")
    guard !leadingZero || (digits == 1 && !negative) else { throw .syntax }
    guard !take("."), !take("e"), !take("E") else { throw .numberOutOfRange }
    guard value <= JSONValue.largestInteger else { throw .numberOutOfRange }
    return negative ? -value : value
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    // Where the characters begin that are taken as they are.
    var start = position
    while let character = next {
      position += 1
      switch character {
      case UInt8(ascii: "\""):
        text += bytes[start..<position - 1]
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text += bytes[start..<position - 1]
        try text.append(contentsOf: escaped().utf8)
        start = position
      case 0..<0x20:
        throw .syntax
      default:
        break
      }
    }
    throw .syntax
  }

  private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
    guard let character = next else { throw .syntax }
    position += 1
    switch character {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw .syntax
    }
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    // Everything that is no scalar is a surrogate: only a high one followed by a low one means anything.
    guard unit < 0xdc00, take("\\"), take("u") else { throw .loneSurrogate }
    let low = try codeUnit()
    guard (0xdc00...0xdfff).contains(low) else { throw .loneSurrogate }
    let combined = 0x10000 + (UInt32(unit - 0xd800) << 10 | UInt32(low - 0xdc00))
    guard let scalar = Unicode.Scalar(combined) else { throw .loneSurrogate }
    return scalar
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let character = next else { throw .syntax }
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
      default: throw .syntax
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}

/// A name compared as bytes: `String` would call canonically equivalent but different names equal.
private struct JSONName: Hashable {
  private let bytes: [UInt8]

  init(_ name: String) { bytes = Array(name.utf8) }

  func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}

extension Unicode.Scalar {
  fileprivate var utf8: String.UTF8View { String(self).utf8 }
}
