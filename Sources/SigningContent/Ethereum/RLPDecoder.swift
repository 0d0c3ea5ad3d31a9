extension RLPItem {
  /// How deep lists may nest; an access list inside a transaction needs four.
  public static let deepestNesting = 6
  /// The most items of one encoding, inner ones included.
  public static let mostItems = 1 << 14

  /// Reads exactly one item in its only encoding: shortest length forms, nothing behind it.
  public init(decoding bytes: [UInt8]) throws(RLPError) {
    var decoder = RLPDecoder()
    var rest = bytes[...]
    self = try decoder.item(&rest, depth: 0)
    guard rest.isEmpty else { throw .trailingBytes }
  }
}

/// Never allocates more than it was given, and recurses no deeper than ``RLPItem/deepestNesting``.
private struct RLPDecoder {
  private var count = 0

  mutating func item(_ rest: inout ArraySlice<UInt8>, depth: Int) throws(RLPError) -> RLPItem {
    count += 1
    guard count <= RLPItem.mostItems else { throw .tooManyItems }
    guard let first = rest.popFirst() else { throw .truncated }
    switch first {
    case 0..<0x80:
      return .bytes([first])
    case 0x80..<0xb8:
      let bytes = try Self.take(Int(first - 0x80), &rest)
      if bytes.count == 1, let byte = bytes.first, byte < 0x80 { throw .notShortest }
      return .bytes(Array(bytes))
    case 0xb8..<0xc0:
      return .bytes(Array(try Self.take(Self.longLength(Int(first - 0xb7), &rest), &rest)))
    case 0xc0..<0xf8:
      return try list(Self.take(Int(first - 0xc0), &rest), depth: depth)
    default:
      return try list(Self.take(Self.longLength(Int(first - 0xf7), &rest), &rest), depth: depth)
    }
  }

  private mutating func list(_ payload: ArraySlice<UInt8>, depth: Int) throws(RLPError) -> RLPItem {
    guard depth < RLPItem.deepestNesting else { throw .tooDeep }
    var rest = payload
    var items: [RLPItem] = []
    while !rest.isEmpty { items.append(try item(&rest, depth: depth + 1)) }
    return .list(items)
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws(RLPError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw .truncated }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// A length above 55, big-endian in as few bytes as it needs. Four bytes are more than anything this project reads.
  private static func longLength(_ size: Int, _ rest: inout ArraySlice<UInt8>) throws(RLPError) -> Int {
    guard let first = rest.first else { throw .truncated }
    guard first != 0 else { throw .notShortest }
    guard size <= 4 else { throw .truncated }
    let length = try take(size, &rest).reduce(0) { $0 << 8 | Int($1) }
    guard length >= 56 else { throw .notShortest }
    return length
  }
}
