/// Reads exactly what ``CBOR/encoded`` writes and refuses every other encoding of the same value.
struct CBORReader {
  static let maximumDepth = 4
  static let maximumItems = 256

  private var rest: ArraySlice<UInt8>
  private var items = 0

  /// The one item in these bytes.
  static func decode(_ bytes: [UInt8]) throws(CBORError) -> CBOR {
    var reader = CBORReader(rest: bytes[...])
    let item = try reader.item(depth: 1)
    guard reader.rest.isEmpty else { throw .trailingBytes }
    return item
  }

  private init(rest: ArraySlice<UInt8>) {
    self.rest = rest
  }

  private mutating func item(depth: Int) throws(CBORError) -> CBOR {
    items += 1
    guard depth <= Self.maximumDepth, items <= Self.maximumItems else { throw .tooComplex }
    let (type, value) = try head()
    switch type {
    case .unsigned:
      return .unsigned(value)
    case .bytes:
      return .bytes(Array(try take(value)))
    case .text:
      guard let text = String(validating: try take(value), as: UTF8.self) else { throw .invalidText }
      return .text(text)
    case .array:
      var array: [CBOR] = []
      for _ in 0..<(try count(value)) { array.append(try item(depth: depth + 1)) }
      return .array(array)
    case .map:
      return try map(count(value), depth: depth)
    }
  }

  private mutating func map(_ count: Int, depth: Int) throws(CBORError) -> CBOR {
    var pairs: [CBOR: CBOR] = [:]
    var previous: ArraySlice<UInt8> = []
    for _ in 0..<count {
      let before = rest
      let key = try item(depth: depth + 1)
      let encoded = before.prefix(before.count - rest.count)
      switch key {
      case .unsigned, .text: break
      case .bytes, .array, .map: throw .unsupported
      }
      guard previous.lexicographicallyPrecedes(encoded) else { throw .unsortedKeys }
      previous = encoded
      pairs[key] = try item(depth: depth + 1)
    }
    return .map(pairs)
  }

  private mutating func head() throws(CBORError) -> (CBOR.MajorType, UInt64) {
    guard let first = rest.popFirst() else { throw .truncated }
    guard let type = CBOR.MajorType(rawValue: first >> 5) else { throw .unsupported }
    let additional = first & 31
    guard additional >= 24 else { return (type, UInt64(additional)) }
    // 28 … 30 are reserved, 31 is an indefinite length.
    guard additional <= 27 else { throw .unsupported }
    let length = 1 << Int(additional - 24)
    let value = try take(UInt64(length)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let smallest: UInt64 = length == 1 ? 24 : 1 << UInt64(4 * length)
    guard value >= smallest else { throw .notShortest }
    return (type, value)
  }

  /// Every item takes a byte at least, so that a count beyond the rest is a lie.
  private func count(_ value: UInt64) throws(CBORError) -> Int {
    guard value <= UInt64(rest.count) else { throw .truncated }
    return Int(value)
  }

  private mutating func take(_ count: UInt64) throws(CBORError) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else { throw .truncated }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}

enum CBORError: Error, Sendable, Hashable {
  case truncated
  case trailingBytes
  case notShortest
  case unsortedKeys
  case invalidText
  /// Too deep or too many items.
  case tooComplex
  /// Negative numbers, tags, floats, booleans, null, indefinite lengths, keys that are not numbers or texts.
  case unsupported
}
