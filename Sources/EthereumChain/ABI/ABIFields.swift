public import Identifiers
public import SigningContent

/// Takes decoded values in order, each as the type its declaration says.
public struct ABIFields {
  private var values: ArraySlice<ABIValue>

  public init(_ values: [ABIValue]) { self.values = values[...] }

  public mutating func uint256() throws(ABIError) -> UInt256 {
    guard case .uint(let number)? = values.popFirst() else { throw .wrongType }
    return number
  }

  public mutating func uint64() throws(ABIError) -> UInt64 {
    guard let number = try uint256().uint64 else { throw .notCanonical }
    return number
  }

  public mutating func bool() throws(ABIError) -> Bool {
    guard case .bool(let value)? = values.popFirst() else { throw .wrongType }
    return value
  }

  public mutating func address() throws(ABIError) -> WalletAddress {
    guard case .address(let address)? = values.popFirst() else { throw .wrongType }
    return address
  }

  public mutating func fixedBytes() throws(ABIError) -> [UInt8] {
    guard case .fixedBytes(let bytes)? = values.popFirst() else { throw .wrongType }
    return bytes
  }

  public mutating func digest() throws(ABIError) -> Digest32 {
    guard let digest = try? Digest32(bytes: fixedBytes()) else { throw .wrongType }
    return digest
  }

  public mutating func bytes() throws(ABIError) -> [UInt8] {
    guard case .bytes(let bytes)? = values.popFirst() else { throw .wrongType }
    return bytes
  }

  public mutating func string() throws(ABIError) -> String {
    guard case .string(let text)? = values.popFirst() else { throw .wrongType }
    return text
  }

  public mutating func array() throws(ABIError) -> [ABIValue] {
    guard case .array(let values)? = values.popFirst() else { throw .wrongType }
    return values
  }

  public mutating func tuple() throws(ABIError) -> ABIFields {
    guard case .tuple(let values)? = values.popFirst() else { throw .wrongType }
    return ABIFields(values)
  }

  /// Refuses values that were not taken.
  public func finish() throws(ABIError) {
    guard values.isEmpty else { throw .wrongType }
  }
}
