public import Identifiers
public import SigningContent

/// The types of the contract ABI that this project reads and writes, each with a bound where the ABI has none.
public indirect enum ABIType: Sendable, Hashable {
  /// `uint<bits>`, a multiple of eight up to 256.
  case uint(bits: Int)
  case bool
  case address
  /// `bytes1` … `bytes32`.
  case fixedBytes(Int)
  case bytes(limit: Int)
  /// UTF-8; the limit is of bytes.
  case string(limit: Int)
  case array(ABIType, limit: Int)
  case tuple([ABIType])

  public static let uint256 = ABIType.uint(bits: 256)
  public static let uint64 = ABIType.uint(bits: 64)
  public static let bytes32 = ABIType.fixedBytes(32)

  /// Whether values stand behind an offset.
  var isDynamic: Bool {
    switch self {
    case .uint, .bool, .address, .fixedBytes: false
    case .bytes, .string, .array: true
    case .tuple(let types): types.contains(where: \.isDynamic)
    }
  }

  /// How many bytes stand in place: the value, or its offset.
  var headByteCount: Int {
    if isDynamic { return ABIWord.byteCount }
    guard case .tuple(let types) = self else { return ABIWord.byteCount }
    return types.reduce(0) { $0 + $1.headByteCount }
  }
}

public indirect enum ABIValue: Sendable, Hashable {
  case uint(UInt256)
  case bool(Bool)
  case address(WalletAddress)
  case fixedBytes([UInt8])
  case bytes([UInt8])
  case string(String)
  case array([ABIValue])
  case tuple([ABIValue])

  public static func uint(_ number: UInt64) -> ABIValue { .uint(UInt256(number)) }
  public static func digest(_ digest: Digest32) -> ABIValue { .fixedBytes(digest.bytes) }
}

enum ABIWord {
  static let byteCount = 32

  /// How many zero bytes follow to fill a word.
  static func padding(after count: Int) -> Int { (byteCount - count % byteCount) % byteCount }
}

/// Why bytes are not the one encoding of values of the types expected.
public enum ABIError: Error, Sendable, Hashable {
  case truncated
  case trailingBytes
  /// More bytes or entries than the type's bound.
  case tooLong
  /// Offsets out of order, padding that is not zero, or a number beyond its type: another encoding of the same, or of
  /// nothing.
  case notCanonical
  case invalidUTF8
  /// Values of other types than the code expects of its own declaration.
  case wrongType
}
