import Identifiers

/// The members of an object in a file that a person writes. A member nobody asks for is a mistake: the person meant
/// something by it.
struct StrictRecord {
  private var members: [String: JSONValue]
  /// Of the object, for errors: `snp.minimumFirmware`.
  private let path: String

  init(_ value: JSONValue, path: String = "") throws(EvidencePolicyFileError) {
    guard case .object(let members) = value else { throw .member(path.isEmpty ? "the whole" : path) }
    self.members = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    self.path = path
  }

  /// What is left, by name.
  var names: [String] { members.keys.sorted() }

  func fault(_ name: String) -> EvidencePolicyFileError { .member(path.isEmpty ? name : "\(path).\(name)") }

  func finish() throws(EvidencePolicyFileError) {
    if let name = names.first { throw fault(name) }
  }

  mutating func take<Value>(
    _ name: String, _ read: (JSONValue) -> Value?
  ) throws(EvidencePolicyFileError) -> Value? {
    guard let value = members.removeValue(forKey: name) else { return nil }
    guard let read = read(value) else { throw fault(name) }
    return read
  }

  mutating func record(_ name: String) throws(EvidencePolicyFileError) -> StrictRecord? {
    guard let value = members.removeValue(forKey: name) else { return nil }
    return try StrictRecord(value, path: path.isEmpty ? name : "\(path).\(name)")
  }

  mutating func integer<Number: FixedWidthInteger>(
    _ name: String, _ type: Number.Type = Number.self
  ) throws(EvidencePolicyFileError) -> Number? {
    try take(name) { if case .integer(let number) = $0 { Number(exactly: number) } else { nil } }
  }

  /// A length of time, at most a century.
  mutating func seconds(_ name: String) throws(EvidencePolicyFileError) -> Int64? {
    try take(name) { if case .integer(let number) = $0, (0...3_155_760_000).contains(number) { number } else { nil } }
  }

  mutating func bool(_ name: String) throws(EvidencePolicyFileError) -> Bool? {
    try take(name) { if case .bool(let value) = $0 { value } else { nil } }
  }

  /// Bits, as `0x` and up to 16 hex digits.
  mutating func bits(_ name: String) throws(EvidencePolicyFileError) -> UInt64? {
    try take(name) { value in
      guard case .string(let text) = value, text.hasPrefix("0x"), (3...18).contains(text.utf8.count),
        text.dropFirst(2).utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
      else { return nil }
      return UInt64(text.dropFirst(2), radix: 16)
    }
  }

  /// Lower-case hex of this many bytes.
  mutating func bytes(_ name: String, count: Int) throws(EvidencePolicyFileError) -> [UInt8]? {
    try take(name) { Self.bytes($0, count: count) }
  }

  mutating func list<Value>(
    _ name: String, _ read: (String) -> Value?
  ) throws(EvidencePolicyFileError) -> [Value]? {
    try take(name) { value in
      guard case .array(let items) = value else { return nil }
      let values = items.compactMap { item in if case .string(let text) = item { read(text) } else { nil } }
      return values.count == items.count ? values : nil
    }
  }

  /// A list of lower-case hex, each of this many bytes.
  mutating func byteLists(_ name: String, count: Int) throws(EvidencePolicyFileError) -> Set<[UInt8]>? {
    try list(name) { Self.bytes(.string($0), count: count) }.map(Set.init)
  }

  private static func bytes(_ value: JSONValue, count: Int) -> [UInt8]? {
    guard case .string(let text) = value, let bytes = try? Hex.decode(text), bytes.count == count else { return nil }
    return bytes
  }
}
