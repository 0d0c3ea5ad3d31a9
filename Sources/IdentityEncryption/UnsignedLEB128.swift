/// Unsigned LEB128 lengths: seven bits a byte, least significant first, the top bit set on all bytes but the last.
enum UnsignedLEB128 {
  static func encode(_ value: Int) -> [UInt8] {
    var rest = UInt(max(value, 0))
    var bytes: [UInt8] = []
    repeat {
      let isLast = rest < 0x80
      bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f) | (isLast ? 0 : 0x80))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  /// Reads a value of at most three bytes from the front; nil unless it is there in its shortest form.
  static func decode(_ bytes: some Collection<UInt8>) -> (value: Int, byteCount: Int)? {
    var value = 0
    for (index, byte) in bytes.prefix(3).enumerated() {
      value |= Int(byte & 0x7f) << (7 * index)
      if byte & 0x80 == 0 {
        return byte == 0 && index > 0 ? nil : (value, index + 1)
      }
    }
    return nil
  }
}
