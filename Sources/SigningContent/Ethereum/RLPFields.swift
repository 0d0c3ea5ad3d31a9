internal import Identifiers

/// Takes the items of one list in order, each as the type its format says.
struct RLPFields {
  private var items: ArraySlice<RLPItem>

  init(_ items: [RLPItem]) { self.items = items[...] }

  mutating func bytes() throws(EthereumTransactionError) -> [UInt8] {
    guard case .bytes(let bytes)? = items.popFirst() else { throw .malformed }
    return bytes
  }

  mutating func list() throws(EthereumTransactionError) -> [RLPItem] {
    guard case .list(let items)? = items.popFirst() else { throw .malformed }
    return items
  }

  /// At most 32 bytes without leading zeros.
  mutating func uint256() throws(EthereumTransactionError) -> UInt256 {
    let bytes = try bytes()
    guard bytes.first != 0 else { throw .leadingZero }
    guard let value = UInt256(bigEndianBytes: bytes) else { throw .outOfRange }
    return value
  }

  mutating func uint64() throws(EthereumTransactionError) -> UInt64 {
    let bytes = try bytes()
    guard bytes.first != 0 else { throw .leadingZero }
    guard bytes.count <= 8 else { throw .outOfRange }
    return bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Twenty bytes, or none: what the format says for the creation of a contract.
  mutating func recipient() throws(EthereumTransactionError) -> WalletAddress? {
    let bytes = try bytes()
    if bytes.isEmpty { return nil }
    guard let address = try? WalletAddress(bytes: bytes) else { throw .malformed }
    return address
  }

  func finish() throws(EthereumTransactionError) {
    guard items.isEmpty else { throw .malformed }
  }
}
