import Identifiers
import SigningContent

extension ABIValue {
  /// Reads exactly the values that a function with these results returns (contract ABI, "function selector and argument
  /// encoding"), in the encoding that compilers write: every tail where the one before it ends.
  ///
  /// Never allocates more than a multiple of what it was given: entries are counted against the bytes left first.
  public static func decode(_ types: [ABIType], from bytes: [UInt8]) throws(ABIError) -> [ABIValue] {
    let decoder = ABIDecoder(bytes: bytes)
    let (values, end) = try decoder.sequence(types, at: 0)
    guard end == bytes.count else { throw .trailingBytes }
    return values
  }
}

/// Recursion goes as deep as the types do, which this project wrote. Positions never pass the end of the bytes.
private struct ABIDecoder {
  let bytes: [UInt8]

  /// - Returns: the values and where the last of their tails ends.
  func sequence(_ types: [ABIType], at start: Int) throws(ABIError) -> ([ABIValue], end: Int) {
    var head = start
    var tail = start + types.reduce(0) { $0 + $1.headByteCount }
    guard tail <= bytes.count else { throw .truncated }
    var values: [ABIValue] = []
    for type in types {
      if type.isDynamic {
        guard try count(at: head) == tail - start else { throw .notCanonical }
        head += ABIWord.byteCount
        let (value, end) = try dynamic(type, at: tail)
        values.append(value)
        tail = end
      } else {
        values.append(try fixed(type, at: head))
        head += type.headByteCount
      }
    }
    return (values, tail)
  }

  private func dynamic(_ type: ABIType, at start: Int) throws(ABIError) -> (ABIValue, end: Int) {
    switch type {
    case .bytes(let limit):
      let (content, end) = try content(limit, at: start)
      return (.bytes(content), end)
    case .string(let limit):
      let (content, end) = try content(limit, at: start)
      guard let text = String(validating: content, as: UTF8.self) else { throw .invalidUTF8 }
      return (.string(text), end)
    case .array(let element, let limit):
      let count = try count(at: start)
      guard count <= limit else { throw .tooLong }
      let entries = start + ABIWord.byteCount
      guard count <= (bytes.count - entries) / element.headByteCount else { throw .truncated }
      let (values, end) = try sequence(Array(repeating: element, count: count), at: entries)
      return (.array(values), end)
    case .tuple(let types):
      let (values, end) = try sequence(types, at: start)
      return (.tuple(values), end)
    case .uint, .bool, .address, .fixedBytes:
      throw .wrongType
    }
  }

  private func fixed(_ type: ABIType, at start: Int) throws(ABIError) -> ABIValue {
    switch type {
    case .uint(let bits):
      let word = try word(at: start)
      guard word.prefix(ABIWord.byteCount - bits / 8).allSatisfy({ $0 == 0 }) else { throw .notCanonical }
      guard let number = UInt256(bigEndianBytes: word) else { throw .truncated }
      return .uint(number)
    case .bool:
      let word = try word(at: start)
      guard word.dropLast().allSatisfy({ $0 == 0 }), let last = word.last, last <= 1 else { throw .notCanonical }
      return .bool(last == 1)
    case .address:
      let word = try word(at: start)
      guard word.prefix(12).allSatisfy({ $0 == 0 }), let address = try? WalletAddress(bytes: word.suffix(20)) else {
        throw .notCanonical
      }
      return .address(address)
    case .fixedBytes(let count):
      let word = try word(at: start)
      guard word.dropFirst(count).allSatisfy({ $0 == 0 }) else { throw .notCanonical }
      return .fixedBytes(Array(word.prefix(count)))
    case .tuple(let types):
      return .tuple(try sequence(types, at: start).0)
    case .bytes, .string, .array:
      throw .wrongType
    }
  }

  private func content(_ limit: Int, at start: Int) throws(ABIError) -> ([UInt8], end: Int) {
    let count = try count(at: start)
    guard count <= limit else { throw .tooLong }
    let first = start + ABIWord.byteCount
    guard count <= bytes.count - first else { throw .truncated }
    let padding = ABIWord.padding(after: count)
    guard padding <= bytes.count - first - count else { throw .truncated }
    guard bytes[(first + count)..<(first + count + padding)].allSatisfy({ $0 == 0 }) else { throw .notCanonical }
    return (Array(bytes[first..<(first + count)]), first + count + padding)
  }

  private func word(at start: Int) throws(ABIError) -> ArraySlice<UInt8> {
    guard start <= bytes.count - ABIWord.byteCount else { throw .truncated }
    return bytes[start..<(start + ABIWord.byteCount)]
  }

  /// An offset or a count: anything beyond four bytes is more than was given.
  private func count(at start: Int) throws(ABIError) -> Int {
    let word = try word(at: start)
    guard word.dropLast(4).allSatisfy({ $0 == 0 }) else { throw .tooLong }
    return word.suffix(4).reduce(0) { $0 << 8 | Int($1) }
  }
}
