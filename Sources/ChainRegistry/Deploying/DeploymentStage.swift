package import EthereumRPC
package import Identifiers

/// How far a network's contracts have come onto their chain. `Keys` asks `Staking` when it is made, so it comes second.
package enum DeploymentStage: Int, Sendable, Hashable, Comparable {
  case nothing
  case stakingAlone
  /// The code of both is there; what it was deployed with is for ``DeploymentSite/verify(from:within:)`` to say.
  case complete

  package static func < (earlier: Self, later: Self) -> Bool { earlier.rawValue < later.rawValue }
}

/// Why a network's contracts do not come onto their chain.
package enum DeploymentFailure: Error, Sendable, Hashable {
  case chain(ChainTrouble)
  /// Other code lies at the address of a contract.
  case occupied(WalletAddress)
  /// The contract that is missing comes of the transaction with this nonce, which is not the deployer's next one.
  case otherNonce(next: UInt64, needed: UInt64)
  /// The contract's address follows from no nonce of this deployer that is near.
  case otherDeployer
  /// The deployer has transactions that are in no block yet, so its next nonce is not known.
  case transactionsWait
}
