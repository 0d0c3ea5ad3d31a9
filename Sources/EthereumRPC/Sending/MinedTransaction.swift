internal import EthereumChain
public import Identifiers
public import SigningContent

/// A transaction that is part of the agreed chain.
public struct MinedTransaction: Sendable, Hashable {
  /// Put together here: it hashes to the hash it was asked for by.
  public let signed: SignedEthereumTransaction
  /// What the rule's count of endpoints say became of it. Its block is one of the agreed chain.
  public let receipt: TransactionReceipt
}

extension EndpointSet {
  /// A transaction in a block of the chain that `agreed` belongs to, however old.
  ///
  /// The transaction itself may come from any endpoint, since its hash is computed here. That it is in a block, and in
  /// which, is what the rule's count of endpoints say alike.
  ///
  /// - Returns: nil where no endpoint has the transaction, or it is in no block at or below `agreed`.
  public func transaction(
    _ hash: Digest32, under agreed: AgreedBlock
  ) async throws(ChainTrouble) -> MinedTransaction? {
    let receipts = await askAgain(until: { self.agreed($0) != nil }) { (endpoint, _) throws(RPCFailure) in
      try await endpoint.receipt(of: hash)
    }
    guard let receipt = try requireAgreement(receipts, about: .data), receipt.blockNumber <= agreed.number else {
      return nil
    }
    let headers = await askAgain(until: { self.agreed($0) != nil }) { (endpoint, _) throws(RPCFailure) in
      try await endpoint.header(number: receipt.blockNumber)
    }
    guard try requireAgreement(headers, about: .header).hash == receipt.blockHash else { return nil }
    let given = await askAgain(until: { $0.contains { $0.value != nil } }) { (endpoint, _) throws(RPCFailure) in
      try await endpoint.transaction(hash)
    }
    guard let signed = given.compactMap(\.value).first else { throw .notObtainable }
    return MinedTransaction(signed: signed, receipt: receipt)
  }
}
