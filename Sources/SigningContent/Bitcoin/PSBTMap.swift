/// One map of a PSBT: pairs of key and value, each key at most once.
struct PSBTMap: Sendable, Hashable {
  /// A key's type, a compact size, and what follows it.
  struct Key: Sendable, Hashable {
    let type: UInt64
    let data: [UInt8]
  }

  private(set) var pairs: [(key: Key, value: [UInt8])] = []

  static func == (left: Self, right: Self) -> Bool { left.encoded == right.encoded }
  func hash(into hasher: inout Hasher) { hasher.combine(encoded) }

  init(_ reader: inout BitcoinReader) throws(PSBTError) {
    var keys: Set<Key> = []
    while let (key, value) = try Self.pair(&reader) {
      guard keys.insert(key).inserted else { throw .duplicateKey }
      pairs.append((key, value))
    }
  }

  /// Nil at the separator that ends a map.
  private static func pair(_ reader: inout BitcoinReader) throws(PSBTError) -> (Key, [UInt8])? {
    do {
      let keyBytes = try reader.sized()
      if keyBytes.isEmpty { return nil }
      var keyReader = BitcoinReader(keyBytes)
      let type = try keyReader.compactSize()
      return (Key(type: type, data: Array(keyReader.rest)), try reader.sized())
    } catch {
      throw .format(error)
    }
  }

  /// The value of a type whose key is the type alone.
  ///
  /// - Throws: ``PSBTError/malformed`` where a key of this type has more to it.
  func single(_ type: UInt64) throws(PSBTError) -> [UInt8]? {
    let found = pairs.filter { $0.key.type == type }
    guard found.count <= 1, found.allSatisfy({ $0.key.data.isEmpty }) else { throw .malformed }
    return found.first?.value
  }

  func contains(_ types: ClosedRange<UInt64>) -> Bool { pairs.contains { types.contains($0.key.type) } }

  mutating func set(_ type: UInt64, _ value: [UInt8]) {
    pairs.removeAll { $0.key.type == type }
    pairs.append((Key(type: type, data: []), value))
  }

  mutating func remove(_ types: ClosedRange<UInt64>) {
    pairs.removeAll { types.contains($0.key.type) }
  }

  var encoded: [UInt8] {
    pairs.flatMap { pair in
      BitcoinCoding.sized(BitcoinCoding.compactSize(pair.key.type) + pair.key.data)
        + BitcoinCoding.sized(pair.value)
    } + [0]
  }
}
