internal import EthereumChain
public import Identifiers

/// How many transactions a wallet has sent; the nonce of the next one.
public struct AccountNonces: Sendable, Hashable {
  /// Of the transaction after those that are in blocks.
  public let afterBlocks: UInt64
  /// Of the transaction after those that wait for a block too, as far as endpoints know them.
  public let afterWaiting: UInt64

  public var hasWaiting: Bool { afterWaiting > afterBlocks }
}

extension TransactionSender {
  /// What the rule's count of endpoints say alike of the blocks, and the highest that one of them says of what waits:
  /// who says too much only makes somebody wait.
  public func nonces(of address: WalletAddress) async throws(ChainTrouble) -> AccountNonces {
    let counts = await endpoints.ask { (endpoint, _) throws(RPCFailure) -> UInt64 in
      try await endpoint.transactionCount(of: address, inBlocks: true)
    }
    let afterBlocks = try endpoints.requireAgreement(counts, about: .storage)
    let waiting = await endpoints.ask { (endpoint, _) throws(RPCFailure) -> UInt64 in
      try await endpoint.transactionCount(of: address)
    }
    return AccountNonces(
      afterBlocks: afterBlocks, afterWaiting: waiting.map(\.value).reduce(afterBlocks) { max($0, $1) })
  }
}
