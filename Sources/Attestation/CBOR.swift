/// The part of CBOR (RFC 8949) that certificates and bindings need, in its core deterministic encoding (section 4.2.1).
enum CBOR: Sendable, Hashable {
  case unsigned(UInt64)
  case bytes([UInt8])
  case text(String)
  /// Only in documents of others.
  case null
  indirect case array([CBOR])
  /// Written sorted by encoded key; keys are unsigned integers or texts.
  indirect case map([CBOR: CBOR])

  var encoded: [UInt8] {
    switch self {
    case .unsigned(let value):
      Self.head(.unsigned, value)
    case .bytes(let bytes):
      Self.head(.bytes, UInt64(bytes.count)) + bytes
    case .text(let text):
      Self.head(.text, UInt64(text.utf8.count)) + Array(text.utf8)
    case .null:
      [0xF6]
    case .array(let items):
      Self.head(.array, UInt64(items.count)) + items.flatMap(\.encoded)
    case .map(let pairs):
      Self.head(.map, UInt64(pairs.count))
        + pairs.map { (key: $0.key.encoded, value: $0.value.encoded) }
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .flatMap { $0.key + $0.value }
    }
  }

  enum MajorType: UInt8 {
    case unsigned = 0
    case bytes = 2
    case text = 3
    case array = 4
    case map = 5
  }

  private static func head(_ type: MajorType, _ value: UInt64) -> [UInt8] {
    let top = type.rawValue << 5
    return switch value {
    case 0..<24: [top | UInt8(value)]
    case ...UInt64(UInt8.max): [top | 24] + bigEndian(value, 1)
    case ...UInt64(UInt16.max): [top | 25] + bigEndian(value, 2)
    case ...UInt64(UInt32.max): [top | 26] + bigEndian(value, 4)
    default: [top | 27] + bigEndian(value, 8)
    }
  }

  private static func bigEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}

extension CBOR {
  var unsigned: UInt64? { if case .unsigned(let value) = self { value } else { nil } }
  var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var array: [CBOR]? { if case .array(let items) = self { items } else { nil } }
  var map: [CBOR: CBOR]? { if case .map(let pairs) = self { pairs } else { nil } }
}
