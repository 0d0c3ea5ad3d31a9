import Identifiers
import SigningContent

extension ABIValue {
  /// Writes arguments or results one after another, as ``decode(_:from:)`` reads them.
  ///
  /// - Throws: ``ABIError/wrongType`` where values and types do not go together, ``ABIError/tooLong`` beyond a bound.
  public static func encode(_ values: [ABIValue], as types: [ABIType]) throws(ABIError) -> [UInt8] {
    guard values.count == types.count else { throw .wrongType }
    var head: [UInt8] = []
    var tail: [UInt8] = []
    let headByteCount = types.reduce(0) { $0 + $1.headByteCount }
    for (value, type) in zip(values, types) {
      let bytes = try value.encoded(as: type)
      if type.isDynamic {
        head += UInt256(UInt64(headByteCount + tail.count)).bigEndianBytes
        tail += bytes
      } else {
        head += bytes
      }
    }
    return head + tail
  }

  private func encoded(as type: ABIType) throws(ABIError) -> [UInt8] {
    switch (self, type) {
    case (.uint(let number), .uint(let bits)):
      guard number.minimalBytes.count <= bits / 8 else { throw .tooLong }
      return number.bigEndianBytes
    case (.bool(let value), .bool):
      return UInt256(value ? 1 : 0).bigEndianBytes
    case (.address(let address), .address):
      return [UInt8](repeating: 0, count: 12) + address.bytes
    case (.fixedBytes(let bytes), .fixedBytes(let count)):
      guard bytes.count == count else { throw .tooLong }
      return bytes + [UInt8](repeating: 0, count: ABIWord.byteCount - count)
    case (.bytes(let bytes), .bytes(let limit)):
      return try Self.content(bytes, limit)
    case (.string(let text), .string(let limit)):
      return try Self.content(Array(text.utf8), limit)
    case (.array(let values), .array(let element, let limit)):
      guard values.count <= limit else { throw .tooLong }
      let entries = try Self.encode(values, as: Array(repeating: element, count: values.count))
      return UInt256(UInt64(values.count)).bigEndianBytes + entries
    case (.tuple(let values), .tuple(let types)):
      return try Self.encode(values, as: types)
    default:
      throw .wrongType
    }
  }

  private static func content(_ bytes: [UInt8], _ limit: Int) throws(ABIError) -> [UInt8] {
    guard bytes.count <= limit else { throw .tooLong }
    return UInt256(UInt64(bytes.count)).bigEndianBytes + bytes
      + [UInt8](repeating: 0, count: ABIWord.padding(after: bytes.count))
  }
}
