internal import Identifiers

/// Reads Bitcoin's encodings: little-endian integers and compact sizes in their shortest form. Nothing it is given can
/// make it trap or allocate more than it was given.
struct BitcoinReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

  var next: UInt8? { rest.first }

  mutating func raw(_ count: Int) throws(BitcoinFormatError) -> [UInt8] {
    guard count >= 0, count <= rest.count else { throw .truncated }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func u8() throws(BitcoinFormatError) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .truncated }
    return byte
  }

  mutating func u16() throws(BitcoinFormatError) -> UInt16 { try integer(2) }
  mutating func u32() throws(BitcoinFormatError) -> UInt32 { try integer(4) }
  mutating func u64() throws(BitcoinFormatError) -> UInt64 { try integer(8) }

  mutating func compactSize() throws(BitcoinFormatError) -> UInt64 {
    switch try u8() {
    case 0xfd:
      let value = try u16()
      guard value >= 0xfd else { throw .notShortest }
      return UInt64(value)
    case 0xfe:
      let value = try u32()
      guard value > UInt32(UInt16.max) else { throw .notShortest }
      return UInt64(value)
    case 0xff:
      let value = try u64()
      guard value > UInt64(UInt32.max) else { throw .notShortest }
      return value
    case let small:
      return UInt64(small)
    }
  }

  /// How many items follow, each of at least `itemSize` bytes.
  mutating func count(itemSize: Int) throws(BitcoinFormatError) -> Int {
    let count = try compactSize()
    guard count <= UInt64(rest.count / max(1, itemSize)) else { throw .truncated }
    return Int(count)
  }

  /// A compact size, then as many bytes.
  mutating func sized() throws(BitcoinFormatError) -> [UInt8] {
    try raw(count(itemSize: 1))
  }

  func finish() throws(BitcoinFormatError) {
    guard rest.isEmpty else { throw .trailingBytes }
  }

  private mutating func integer<Value: FixedWidthInteger>(_ size: Int) throws(BitcoinFormatError) -> Value {
    try raw(size).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }
}

/// Why bytes are not what they should be; see ``PSBTError``.
public enum BitcoinFormatError: Error, Sendable, Hashable {
  case truncated
  case trailingBytes
  /// A compact size with a shorter form.
  case notShortest
  /// An amount above all bitcoin there can be.
  case amountOutOfRange
  /// A transaction without inputs or outputs, with an input named twice, or with a superfluous witness.
  case malformedTransaction
}

enum BitcoinCoding {
  static func compactSize(_ number: some BinaryInteger) -> [UInt8] {
    let value = UInt64(clamping: number)
    return switch value {
    case ..<0xfd: [UInt8(truncatingIfNeeded: value)]
    case ...0xffff: [0xfd] + UInt16(truncatingIfNeeded: value).littleEndianBytes
    case ...0xffff_ffff: [0xfe] + UInt32(truncatingIfNeeded: value).littleEndianBytes
    default: [0xff] + value.littleEndianBytes
    }
  }

  static func sized(_ bytes: [UInt8]) -> [UInt8] { compactSize(bytes.count) + bytes }
}
