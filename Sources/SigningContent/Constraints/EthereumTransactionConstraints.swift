public import Identifiers

/// Limits of Ethereum transactions; what is nil is not limited.
public struct EthereumTransactionConstraints: Sendable, Hashable {
  public let chainIDs: [UInt64]?
  public let recipients: [WalletAddress]?
  /// In wei.
  public let maximumValue: UInt256?
  /// The gas limit times the highest price, in wei.
  public let maximumFee: UInt256?
  public let functions: [FunctionSelector]?
  /// Whether a transaction without data is allowed beside the functions listed.
  public let allowsPlainTransfers: Bool

  public init(
    chainIDs: [UInt64]? = nil, recipients: [WalletAddress]? = nil, maximumValue: UInt256? = nil,
    maximumFee: UInt256? = nil, functions: [FunctionSelector]? = nil, allowsPlainTransfers: Bool = false
  ) throws(ConstraintError) {
    try ConstraintList.check(chainIDs, by: <)
    try ConstraintList.check(recipients, by: <)
    try ConstraintList.check(functions, by: <)
    guard chainIDs?.allSatisfy({ $0 > 0 && $0 <= EthereumTransaction.largestChainID }) ?? true else {
      throw .outOfRange
    }
    guard functions != nil || !allowsPlainTransfers else { throw .inconsistent }
    self.chainIDs = chainIDs
    self.recipients = recipients
    self.maximumValue = maximumValue
    self.maximumFee = maximumFee
    self.functions = functions
    self.allowsPlainTransfers = allowsPlainTransfers
  }

  func violation(by transaction: EthereumTransaction) -> ConstraintViolation? {
    if let chainIDs, !chainIDs.contains(transaction.chainID) { return .chain }
    // A new contract is no recipient, and its code no call of a function.
    if transaction.createsContract, recipients != nil || functions != nil { return .contractCreation }
    if let recipients, !(transaction.to.map(recipients.contains) ?? false) { return .recipient }
    if let maximumValue, transaction.value > maximumValue { return .value }
    if let maximumFee, transaction.maximumFee > maximumFee { return .fee }
    guard let functions else { return nil }
    if transaction.data.isEmpty { return allowsPlainTransfers ? nil : .plainTransfer }
    // Fewer than four bytes name no function: the contract's fallback would judge them.
    guard let selector = transaction.selector, functions.contains(selector) else { return .function }
    return nil
  }
}
