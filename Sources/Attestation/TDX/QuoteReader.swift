import Identifiers

extension ByteReader {
  /// Two bytes, the lower first.
  mutating func littleU16() throws(ByteReaderError) -> Int {
    try raw(2).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Four bytes, the lowest first.
  mutating func littleU32() throws(ByteReaderError) -> Int {
    try raw(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// As many bytes as four bytes in front of them say.
  mutating func littleField() throws(ByteReaderError) -> [UInt8] {
    let count = try littleU32()
    return try raw(count)
  }
}
