public import Identifiers
public import SigningContent

/// What somebody wants done on a chain, before fees and nonce are known.
public struct TransactionOrder: Sendable, Hashable {
  /// Nil for the creation of a contract.
  public var to: WalletAddress?
  /// In wei.
  public var value: UInt256
  public var data: [UInt8]
  /// The most the transaction may cost beside its value, in wei: endpoints say what things cost, and this is what they
  /// are believed up to.
  public var maximumFee: UInt256

  public init(to: WalletAddress?, value: UInt256 = .zero, data: [UInt8] = [], maximumFee: UInt256) {
    self.to = to
    self.value = value
    self.data = data
    self.maximumFee = maximumFee
  }
}

/// Why a transaction is not on the chain.
public enum SendingFailure: Error, Sendable, Hashable {
  case chain(ChainTrouble)
  /// It would fail: the contract refuses it.
  case wouldRevert
  /// It would cost more than its order allows; the fee in wei.
  case tooExpensive(UInt256)
  /// The sender has less than value and fee may come to, both in wei.
  case notEnoughMoney(needed: UInt256, has: UInt256)
  case invalid(EthereumTransactionError)
  /// No endpoint took it.
  case notAccepted
  /// It is not in a block yet, or in none any more.
  case notMined
}

/// What enough endpoints say became of a transaction.
public struct TransactionReceipt: Sendable, Hashable {
  /// Its hash.
  public let transaction: Digest32
  public let succeeded: Bool
  public let blockNumber: UInt64
  public let blockHash: Digest32
  public let gasUsed: UInt64
  /// What contracts told about it, in their order.
  public let events: [ContractEvent]
}

/// An entry of the chain's log.
public struct ContractEvent: Sendable, Hashable {
  public let contract: WalletAddress
  public let topics: [Digest32]
  public let data: [UInt8]
}
