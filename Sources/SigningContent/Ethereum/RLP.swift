internal import Identifiers

/// Recursive Length Prefix (Ethereum yellow paper, appendix B): byte strings and lists of them.
public enum RLPItem: Sendable, Hashable {
  case bytes([UInt8])
  case list([RLPItem])

  public var encoded: [UInt8] {
    switch self {
    case .bytes(let bytes):
      if bytes.count == 1, let byte = bytes.first, byte < 0x80 { return bytes }
      return Self.header(0x80, bytes.count) + bytes
    case .list(let items):
      let payload = items.flatMap(\.encoded)
      return Self.header(0xc0, payload.count) + payload
    }
  }

  private static func header(_ base: UInt8, _ count: Int) -> [UInt8] {
    if count < 56 { return [base + UInt8(truncatingIfNeeded: count)] }
    let length = UInt64(count).minimalBytes
    return [base + 55 + UInt8(truncatingIfNeeded: length.count)] + length
  }
}

extension RLPItem {
  public static func integer(_ value: UInt64) -> RLPItem { .bytes(value.minimalBytes) }
  public static func integer(_ value: UInt256) -> RLPItem { .bytes(value.minimalBytes) }
}

extension UInt64 {
  /// Big-endian without leading zeros; zero is no byte at all.
  var minimalBytes: [UInt8] { Array(bigEndianBytes.drop { $0 == 0 }) }
}

/// Why bytes are not the one RLP encoding of anything this project reads.
public enum RLPError: Error, Sendable, Hashable {
  case truncated
  case trailingBytes
  /// A shorter form of the same item exists.
  case notShortest
  case tooDeep
  case tooManyItems
}
