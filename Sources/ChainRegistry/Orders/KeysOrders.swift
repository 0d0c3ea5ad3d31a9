package import EthereumChain
package import EthereumRPC
package import Identifiers
package import Membership
import PublicKeys
package import SigningContent

/// The transactions of `Keys` as orders.
package struct KeysOrders: Sendable {
  package let contract: WalletAddress
  /// What an entry costs until it is taken off, in wei.
  private let deposit: UInt256
  package let maximumFee: UInt256

  /// Nil only for terms that no founding document has.
  package init?(_ terms: ChainRegistryTerms, maximumFee: UInt256) {
    guard let deposit = UInt256(decimal: terms.keyDeposit) else { return nil }
    contract = terms.keys
    self.deposit = deposit
    self.maximumFee = maximumFee
  }

  /// What may still be done to a key's record.
  package struct Rights: Sendable {
    package var transferable: Bool
    package var revocable: Bool

    package init(transferable: Bool = true, revocable: Bool = true) {
      self.transferable = transferable
      self.revocable = revocable
    }
  }

  /// A new key of the sender's: the record's creator must be the sender.
  package func create(_ record: KeyRecord, _ rights: Rights) throws(ABIError) -> TransactionOrder {
    try order(
      "create(string,bytes,bytes,bool,bool)",
      [
        .string(limit: 32), .bytes(limit: KeyRecord.saltByteCounts.upperBound),
        .bytes(limit: KeysContract.recordLimit), .bool, .bool,
      ],
      [
        .string(record.purpose.rawValue), .bytes(record.salt), .bytes(RegistryChange.keyRecord(record).body),
        .bool(rights.transferable), .bool(rights.revocable),
      ], value: deposit)
  }

  /// Another record for a key the sender owns.
  ///
  /// - Parameter isActive: whether the key has a record now; one that has none costs the deposit anew.
  package func grant(_ record: KeyRecord, _ rights: Rights, isActive: Bool) throws(ABIError) -> TransactionOrder {
    try order(
      "grant(bytes32,bytes,bool,bool)", [.bytes32, .bytes(limit: KeysContract.recordLimit), .bool, .bool],
      [
        .digest(record.key.digest), .bytes(RegistryChange.keyRecord(record).body), .bool(rights.transferable),
        .bool(rights.revocable),
      ], value: isActive ? .zero : deposit)
  }

  package func revoke(_ key: KeyID) throws(ABIError) -> TransactionOrder {
    try order("revoke(bytes32)", [.bytes32], [.digest(key.digest)])
  }

  package func transfer(_ key: KeyID, to owner: WalletAddress) throws(ABIError) -> TransactionOrder {
    try order("transfer(bytes32,address)", [.bytes32, .address], [.digest(key.digest), .address(owner)])
  }

  /// Capabilities that the sender issued before a moment are refused from then on.
  ///
  /// - Parameter hasOne: whether an earlier moment is there; the first one costs the deposit.
  package func notBefore(_ moment: Timestamp, hasOne: Bool) throws(ABIError) -> TransactionOrder {
    try order(
      "setNotBefore(uint256)", [.uint256], [.uint(UInt64(clamping: moment.secondsSince1970))],
      value: hasOne ? .zero : deposit)
  }

  /// Takes the sender's moment off again, two days after it has passed, when no capability can be so old.
  package func clearNotBefore() throws(ABIError) -> TransactionOrder { try order("clearNotBefore()", [], []) }

  /// Pays out the deposits of the sender's entries that are gone.
  package func collect(to recipient: WalletAddress) throws(ABIError) -> TransactionOrder {
    try order("collectDeposits(address)", [.address], [.address(recipient)])
  }

  private func order(
    _ signature: String, _ types: [ABIType], _ arguments: [ABIValue], value: UInt256 = .zero
  ) throws(ABIError) -> TransactionOrder {
    TransactionOrder(
      to: contract, value: value, data: try ContractFunction(signature, types).callData(arguments),
      maximumFee: maximumFee)
  }
}
