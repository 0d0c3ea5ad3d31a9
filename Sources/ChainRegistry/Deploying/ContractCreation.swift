import EthereumChain
package import EthereumRPC
package import Identifiers
import SigningContent

/// The transaction that made a contract.
///
/// Code and parameters that are right say nothing of what else the storage held from the beginning: code that makes a
/// contract may write what it likes, return the right code, and come to the same address. That address follows from a
/// sender and a nonce, and a chain has at most one transaction of both. So if that transaction is in one of its blocks it
/// made the contract, and what it holds is what was run.
package struct ContractCreation: Sendable, Hashable {
  package let transaction: Digest32
  package let deployer: WalletAddress
  package let nonce: UInt64
  /// The number of its block.
  package let block: UInt64

  /// - Parameter expected: the order of which the contract should come; its fees do not matter.
  init(
    _ mined: MinedTransaction, of contract: WalletAddress, by expected: TransactionOrder, on chainID: UInt64
  ) throws(CreationMismatch) {
    let content = mined.signed.transaction
    guard content.chainID == chainID, content.to == nil else { throw .notACreation }
    guard WalletAddress(contractCreatedBy: mined.signed.sender, nonce: content.nonce) == contract else {
      throw .otherContract
    }
    guard content.data == expected.data, content.value == expected.value else { throw .otherContent }
    guard mined.receipt.succeeded else { throw .failed }
    transaction = mined.signed.hash
    deployer = mined.signed.sender
    nonce = content.nonce
    block = mined.receipt.blockNumber
  }
}

/// Why a transaction is not the one that should have made a contract.
package enum CreationMismatch: Error, Sendable, Hashable {
  /// No endpoint has it, or it is in no block that counts.
  case notInABlock
  /// It makes no contract, or is of another chain.
  case notACreation
  /// The contract it makes lies elsewhere.
  case otherContract
  /// It ran other code than the compiled contract's, or gave it other arguments than the founding document's.
  case otherContent
  case failed
}

/// What is said to have made both contracts of a network.
package struct DeploymentCreations: Sendable, Hashable {
  package struct Said: Sendable, Hashable {
    /// Of the transaction.
    package let hash: Digest32
    /// What the transaction should have done.
    package let order: TransactionOrder

    package init(hash: Digest32, order: TransactionOrder) {
      self.hash = hash
      self.order = order
    }
  }

  package let staking: Said
  package let keys: Said

  package init(staking: Said, keys: Said) {
    self.staking = staking
    self.keys = keys
  }
}

/// Why a network's contracts are not what its founding document says.
package enum VerificationFailure: Error, Sendable, Hashable {
  case chain(ChainTrouble)
  case creation(of: WalletAddress, CreationMismatch)
}

/// A network's contracts, compared with its founding document: as they are, and how they were made.
package struct VerifiedContracts: Sendable, Hashable {
  /// The block they were read at, which counts for the network.
  package let block: AgreedBlock
  package let staking: ContractCreation
  package let keys: ContractCreation
}
