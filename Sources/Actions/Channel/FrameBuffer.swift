/// Cuts received bytes into frames.
struct FrameBuffer {
  private var bytes: [UInt8] = []
  private var start = 0

  mutating func append(_ part: ArraySlice<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes += part
  }

  /// The next complete frame; nil when more bytes are needed. A length beyond `limit` is refused before its bytes come.
  mutating func next(limit: Int) throws(ChannelEnd) -> [UInt8]? {
    guard bytes.count - start >= 4 else { return nil }
    let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else { throw .frameTooLong }
    guard bytes.count - start - 4 >= length else { return nil }
    let frame = Array(bytes[start + 4..<start + 4 + length])
    start += 4 + length
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: bytes.capacity <= 131_072)
      start = 0
    }
    return frame
  }
}
