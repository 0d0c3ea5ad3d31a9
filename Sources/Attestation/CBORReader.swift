/// Reads CBOR of few items and little depth.
struct CBORReader {
  static let maximumDepth = 4
  static let maximumItems = 256

  /// Which encodings of a value are read.
  enum Form {
    /// Exactly what ``CBOR/encoded`` writes and no other.
    case deterministic
    /// Null, arrays and maps of indefinite length, and maps in any order too; a key occurs once all the same.
    case plain
  }

  private var rest: ArraySlice<UInt8>
  private let form: Form
  private var items = 0

  /// The one item in these bytes.
  static func decode(_ bytes: [UInt8], form: Form = .deterministic) throws(CBORError) -> CBOR {
    var reader = CBORReader(rest: bytes[...], form: form)
    let item = try reader.item(depth: 1)
    guard reader.rest.isEmpty else { throw .trailingBytes }
    return item
  }

  /// How many bytes the first item takes, whatever follows it.
  static func lengthOfFirst(in bytes: [UInt8], form: Form) throws(CBORError) -> Int {
    var reader = CBORReader(rest: bytes[...], form: form)
    _ = try reader.item(depth: 1)
    return bytes.count - reader.rest.count
  }

  private init(rest: ArraySlice<UInt8>, form: Form) {
    self.rest = rest
    self.form = form
  }

  private mutating func item(depth: Int) throws(CBORError) -> CBOR {
    items += 1
    guard depth <= Self.maximumDepth, items <= Self.maximumItems else { throw .tooComplex }
    if form == .plain, takeByte(Self.null) { return .null }
    let (type, value) = try head()
    switch (type, value) {
    case (.unsigned, let value?):
      return .unsigned(value)
    case (.bytes, let value?):
      return .bytes(Array(try take(value)))
    case (.text, let value?):
      guard let text = String(validating: try take(value), as: UTF8.self) else { throw .invalidText }
      return .text(text)
    case (.array, let value):
      return .array(try array(count(value), depth: depth))
    case (.map, let value):
      return try map(count(value), depth: depth)
    case (_, nil):
      throw .unsupported
    }
  }

  /// - Parameter count: nil up to a break.
  private mutating func array(_ count: Int?, depth: Int) throws(CBORError) -> [CBOR] {
    var array: [CBOR] = []
    while try isUnfinished(array.count, of: count) { array.append(try item(depth: depth + 1)) }
    return array
  }

  private mutating func map(_ count: Int?, depth: Int) throws(CBORError) -> CBOR {
    var pairs: [CBOR: CBOR] = [:]
    var previous: ArraySlice<UInt8> = []
    while try isUnfinished(pairs.count, of: count) {
      let before = rest
      let key = try item(depth: depth + 1)
      let encoded = before.prefix(before.count - rest.count)
      switch key {
      case .unsigned, .text: break
      case .bytes, .array, .map, .null: throw .unsupported
      }
      guard form == .plain || previous.lexicographicallyPrecedes(encoded) else { throw .unsortedKeys }
      previous = encoded
      guard pairs.updateValue(try item(depth: depth + 1), forKey: key) == nil else { throw .duplicateKey }
    }
    return .map(pairs)
  }

  private mutating func isUnfinished(_ done: Int, of count: Int?) throws(CBORError) -> Bool {
    if let count { return done < count }
    guard !rest.isEmpty else { throw .truncated }
    return !takeByte(Self.stop)
  }

  private static let null: UInt8 = 0xF6
  private static let stop: UInt8 = 0xFF

  private mutating func takeByte(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Type and value; no value for an array or a map of indefinite length.
  private mutating func head() throws(CBORError) -> (CBOR.MajorType, UInt64?) {
    guard let first = rest.popFirst() else { throw .truncated }
    guard let type = CBOR.MajorType(rawValue: first >> 5) else { throw .unsupported }
    let additional = first & 31
    guard additional >= 24 else { return (type, UInt64(additional)) }
    if form == .plain, additional == 31, type == .array || type == .map { return (type, nil) }
    // 28 … 30 are reserved, 31 is an indefinite length.
    guard additional <= 27 else { throw .unsupported }
    let length = 1 << Int(additional - 24)
    let value = try take(UInt64(length)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let smallest: UInt64 = length == 1 ? 24 : 1 << UInt64(4 * length)
    guard value >= smallest else { throw .notShortest }
    return (type, value)
  }

  /// Every item takes a byte at least, so that a count beyond the rest is a lie.
  private func count(_ value: UInt64?) throws(CBORError) -> Int? {
    guard let value else { return nil }
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
  case duplicateKey
  case invalidText
  /// Too deep or too many items.
  case tooComplex
  /// Negative numbers, tags, floats, booleans, keys that are not numbers or texts; null and indefinite lengths where they
  /// are not read.
  case unsupported
}
