/// Builds canonical binary encodings: integers big-endian, byte strings behind a u32 length.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func u8(_ value: UInt8) { bytes.append(value) }
  public mutating func u16(_ value: UInt16) { bytes.append(contentsOf: value.bigEndianBytes) }
  public mutating func u32(_ value: UInt32) { bytes.append(contentsOf: value.bigEndianBytes) }
  public mutating func u64(_ value: UInt64) { bytes.append(contentsOf: value.bigEndianBytes) }

  /// The bytes themselves, for fields whose length the format fixes.
  public mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

  /// `lp(x)`: u32 big-endian length, then the bytes.
  ///
  /// - Precondition: fewer than 2³² bytes; everything this project encodes is bounded far below.
  public mutating func lp(_ value: some Collection<UInt8>) {
    u32(UInt32(value.count))
    bytes.append(contentsOf: value)
  }
}

extension FixedWidthInteger {
  /// The value's bytes, most significant first.
  // Inlinable, because a generic function is slow where it is not specialized.
  @inlinable public var bigEndianBytes: [UInt8] {
    unsafe withUnsafeBytes(of: bigEndian) { unsafe Array($0) }
  }
}
