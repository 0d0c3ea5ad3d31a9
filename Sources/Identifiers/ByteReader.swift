/// Reads what ``ByteWriter`` writes; nothing it is given can make it trap or allocate more than it was given.
public struct ByteReader: Sendable {
  private var rest: ArraySlice<UInt8>

  public init(_ bytes: [UInt8]) { rest = bytes[...] }
  public init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// How many bytes were not read yet.
  public var remaining: Int { rest.count }

  public mutating func u8() throws(ByteReaderError) -> UInt8 { try integer() }
  public mutating func u16() throws(ByteReaderError) -> UInt16 { try integer() }
  public mutating func u32() throws(ByteReaderError) -> UInt32 { try integer() }
  public mutating func u64() throws(ByteReaderError) -> UInt64 { try integer() }

  /// Exactly `count` bytes.
  public mutating func raw(_ count: Int) throws(ByteReaderError) -> [UInt8] {
    guard count >= 0, count <= rest.count else { throw .truncated }
    defer { rest = rest.dropFirst(count) }
    return [UInt8](rest.prefix(count))
  }

  /// `lp(x)` of at most `limit` bytes.
  public mutating func lp(limit: Int) throws(ByteReaderError) -> [UInt8] {
    let count = try u32()
    guard count <= rest.count else { throw .truncated }
    guard count <= limit else { throw .tooLong }
    return try raw(Int(count))
  }

  /// Refuses bytes behind the last field.
  public func finish() throws(ByteReaderError) {
    guard rest.isEmpty else { throw .trailingBytes }
  }

  private mutating func integer<Value: FixedWidthInteger>() throws(ByteReaderError) -> Value {
    try raw(Value.bitWidth / 8).reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }
}

public enum ByteReaderError: Error, Sendable, Hashable {
  case truncated
  case tooLong
  case trailingBytes
}
