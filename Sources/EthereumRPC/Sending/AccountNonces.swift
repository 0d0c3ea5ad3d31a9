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
  /// What the rule's count of endpoints say alike of the blocks, and the highest of what waits that as many have reached:
  /// fewer cannot keep anybody waiting for a transaction that is not there.
  public func nonces(of address: WalletAddress) async throws(ChainTrouble) -> AccountNonces {
    let counts = await endpoints.ask { (endpoint, _) throws(RPCFailure) -> UInt64 in
      try await endpoint.transactionCount(of: address, inBlocks: true)
    }
    let afterBlocks = try endpoints.requireAgreement(counts, about: .storage)
    let waiting = await endpoints.ask { (endpoint, _) throws(RPCFailure) -> UInt64 in
      try await endpoint.transactionCount(of: address)
    }
    guard waiting.count >= endpoints.rule.needed else {
      throw .tooFewEndpoints(answered: waiting.count, needed: endpoints.rule.needed)
    }
    let reached = waiting.map(\.value).sorted(by: >)[endpoints.rule.needed - 1]
    return AccountNonces(afterBlocks: afterBlocks, afterWaiting: max(afterBlocks, reached))
  }
}
