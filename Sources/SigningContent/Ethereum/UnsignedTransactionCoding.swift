public import Identifiers
internal import Signatures

extension EthereumTransaction {
  /// The most bytes of an unsigned transaction; chains' own pools take no larger ones.
  public static let byteLimit = 128 << 10

  /// Reads the bytes a wallet would hash and sign: RLP of nine fields (EIP-155), or the type byte and RLP.
  public init(decodingUnsigned bytes: [UInt8]) throws(EthereumTransactionError) {
    guard bytes.count <= Self.byteLimit else { throw .tooLarge }
    switch bytes.first {
    case 1?: try self.init(accessListFields: Self.fields(bytes.dropFirst()))
    case 2?: try self.init(cappedFields: Self.fields(bytes.dropFirst()))
    case .some(0xc0...): try self.init(legacyFields: Self.fields(bytes[...]))
    case nil: throw .rlp(.truncated)
    default: throw .unknownType
    }
  }

  private static func fields(_ bytes: ArraySlice<UInt8>) throws(EthereumTransactionError) -> [RLPItem] {
    let item: RLPItem
    do { item = try RLPItem(decoding: Array(bytes)) } catch { throw .rlp(error) }
    guard case .list(let fields) = item else { throw .malformed }
    return fields
  }

  /// EIP-155: `[nonce, gasPrice, gasLimit, to, value, data, chainId, 0, 0]`.
  private init(legacyFields items: [RLPItem]) throws(EthereumTransactionError) {
    guard items.count != 6 else { throw .unprotected }
    var fields = RLPFields(items)
    let nonce = try fields.uint64()
    let gasPrice = try fields.uint256()
    let gasLimit = try fields.uint64()
    let to = try fields.recipient()
    let value = try fields.uint256()
    let data = try fields.bytes()
    let chainID = try fields.uint64()
    guard try fields.bytes().isEmpty, try fields.bytes().isEmpty else { throw .malformed }
    try fields.finish()
    try self.init(
      chainID: chainID, nonce: nonce, fees: .legacy(gasPrice: gasPrice), gasLimit: gasLimit, to: to, value: value,
      data: data)
  }

  /// EIP-2930: `[chainId, nonce, gasPrice, gasLimit, to, value, data, accessList]`.
  private init(accessListFields items: [RLPItem]) throws(EthereumTransactionError) {
    var fields = RLPFields(items)
    let chainID = try fields.uint64()
    let nonce = try fields.uint64()
    let gasPrice = try fields.uint256()
    try self.init(
      chainID: chainID, nonce: nonce, fees: .accessList(gasPrice: gasPrice), commonFields: &fields)
  }

  /// EIP-1559: `[chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to, value, data, accessList]`.
  private init(cappedFields items: [RLPItem]) throws(EthereumTransactionError) {
    var fields = RLPFields(items)
    let chainID = try fields.uint64()
    let nonce = try fields.uint64()
    let priority = try fields.uint256()
    let maximum = try fields.uint256()
    try self.init(
      chainID: chainID, nonce: nonce, fees: .capped(priority: priority, maximum: maximum), commonFields: &fields)
  }

  private init(
    chainID: UInt64, nonce: UInt64, fees: Fees, commonFields fields: inout RLPFields
  ) throws(EthereumTransactionError) {
    let gasLimit = try fields.uint64()
    let to = try fields.recipient()
    let value = try fields.uint256()
    let data = try fields.bytes()
    let accessList = try Access.list(fields.list())
    try fields.finish()
    try self.init(
      chainID: chainID, nonce: nonce, fees: fees, gasLimit: gasLimit, to: to, value: value, data: data,
      accessList: accessList)
  }

  /// What ``init(decodingUnsigned:)`` reads.
  public var unsignedEncoding: [UInt8] {
    switch fees {
    case .legacy: RLPItem.list(signedFields + [.integer(chainID), .bytes([]), .bytes([])]).encoded
    case .accessList: [1] + RLPItem.list(signedFields).encoded
    case .capped: [2] + RLPItem.list(signedFields).encoded
    }
  }

  /// Keccak-256 of ``unsignedEncoding``.
  public var signingDigest: Digest32 { .keccak256(unsignedEncoding) }

  /// Everything before the signature in the serialised form.
  var signedFields: [RLPItem] {
    let target: [RLPItem] = [.integer(gasLimit), .bytes(to?.bytes ?? []), .integer(value), .bytes(data)]
    let access = RLPItem.list(accessList.map(\.item))
    switch fees {
    case .legacy(let price):
      return [.integer(nonce), .integer(price)] + target
    case .accessList(let price):
      return [.integer(chainID), .integer(nonce), .integer(price)] + target + [access]
    case .capped(let priority, let maximum):
      return [.integer(chainID), .integer(nonce), .integer(priority), .integer(maximum)] + target + [access]
    }
  }
}

extension EthereumTransaction.Access {
  var item: RLPItem { .list([.bytes(address.bytes), .list(slots.map { .bytes($0.bytes) })]) }

  static func list(_ items: [RLPItem]) throws(EthereumTransactionError) -> [Self] {
    var list: [Self] = []
    for item in items {
      guard case .list(let pair) = item else { throw .malformed }
      var fields = RLPFields(pair)
      guard let address = try fields.recipient() else { throw .malformed }
      var slots: [Digest32] = []
      for slot in try fields.list() {
        guard case .bytes(let bytes) = slot, let digest = try? Digest32(bytes: bytes) else { throw .malformed }
        slots.append(digest)
      }
      try fields.finish()
      list.append(Self(address: address, slots: slots))
    }
    return list
  }
}
