public import Identifiers

/// An Ethereum transaction before it is signed: legacy with replay protection (EIP-155), with an access list (EIP-2930)
/// or with a fee cap (EIP-1559).
public struct EthereumTransaction: Sendable, Hashable {
  /// What a unit of gas may cost, in wei; also says of which type the transaction is.
  public enum Fees: Sendable, Hashable {
    /// EIP-155.
    case legacy(gasPrice: UInt256)
    /// EIP-2930, type 1.
    case accessList(gasPrice: UInt256)
    /// EIP-1559, type 2.
    case capped(priority: UInt256, maximum: UInt256)
  }

  /// An address and the storage slots of it that are paid for in advance.
  public struct Access: Sendable, Hashable {
    public let address: WalletAddress
    /// 32 bytes each.
    public let slots: [Digest32]

    public init(address: WalletAddress, slots: [Digest32]) {
      self.address = address
      self.slots = slots
    }
  }

  public let chainID: UInt64
  public let nonce: UInt64
  public let fees: Fees
  public let gasLimit: UInt64
  /// Nil for the creation of a contract.
  public let to: WalletAddress?
  /// In wei.
  public let value: UInt256
  public let data: [UInt8]
  /// Always empty for legacy transactions.
  public let accessList: [Access]
  /// What the transaction costs at most beside its value, in wei.
  public let maximumFee: UInt256

  /// EIP-2294: so that v of EIP-155 stays within 64 bits.
  static let largestChainID = UInt64.max / 2 - 36

  public init(
    chainID: UInt64, nonce: UInt64, fees: Fees, gasLimit: UInt64, to: WalletAddress?, value: UInt256, data: [UInt8],
    accessList: [Access] = []
  ) throws(EthereumTransactionError) {
    guard chainID > 0 else { throw .unprotected }
    // EIP-2681 keeps the largest nonce unused.
    guard chainID <= Self.largestChainID, nonce < .max else { throw .outOfRange }
    let price: UInt256
    switch fees {
    case .legacy(let gasPrice):
      guard accessList.isEmpty else { throw .malformed }
      price = gasPrice
    case .accessList(let gasPrice): price = gasPrice
    case .capped(let priority, let maximum):
      guard priority <= maximum else { throw .priorityAboveMaximum }
      price = maximum
    }
    guard let maximumFee = price.multiplied(by: gasLimit), maximumFee.adding(value) != nil else { throw .outOfRange }
    self.chainID = chainID
    self.nonce = nonce
    self.fees = fees
    self.gasLimit = gasLimit
    self.to = to
    self.value = value
    self.data = data
    self.accessList = accessList
    self.maximumFee = maximumFee
  }

  public var createsContract: Bool { to == nil }

  /// The function a call names: the first four bytes of its data. Nil for less data and where there is no call.
  public var selector: FunctionSelector? { createsContract ? nil : FunctionSelector(callData: data) }
}

/// Why bytes are not an unsigned transaction that may be signed.
public enum EthereumTransactionError: Error, Sendable, Hashable {
  case tooLarge
  case rlp(RLPError)
  /// A transaction type this project does not read.
  case unknownType
  /// Wrong number or kind of fields, or an address that has not 20 bytes.
  case malformed
  case leadingZero
  case outOfRange
  /// No chain id: it would be valid on every chain.
  case unprotected
  case priorityAboveMaximum
  /// Not a signature of this transaction.
  case signature
}
