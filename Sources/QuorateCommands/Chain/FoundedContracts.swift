import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent

/// The contracts that a founding document means: as they were compiled here, made with its arguments.
struct FoundedContracts: Sendable {
  let terms: ChainRegistryTerms
  /// The transaction that should make `Staking`.
  let staking: TransactionOrder
  /// The transaction that should make `Keys`.
  let keys: TransactionOrder

  init(_ founding: FoundingDocument, maximumFee: UInt256 = .zero) throws(CommandFailure) {
    guard case .chain(let terms) = founding.registry, let deployment = Deployment(founding, maximumFee: maximumFee)
    else { throw CommandFailure.hasNoContracts }
    let contracts = try CompiledContracts.read()
    try contracts.require(terms)
    self.terms = terms
    do throws(ABIError) {
      staking = try deployment.staking(contracts.staking.bytecode)
      keys = try deployment.keys(contracts.keys.bytecode)
    } catch {
      throw CommandFailure(order: error)
    }
  }

  /// Checks that what lies there is what the founding document says, and that these transactions made it.
  func verify(
    _ hashes: CreationHashes, at site: DeploymentSite, from block: UInt64 = 0, within patience: Duration
  ) async throws(CommandFailure) -> VerifiedContracts {
    let creations = DeploymentCreations(
      staking: .init(hash: hashes.staking, order: staking), keys: .init(hash: hashes.keys, order: keys))
    do {
      return try await site.verify(creations, from: block, within: patience)
    } catch {
      throw CommandFailure(verification: error, terms)
    }
  }
}

extension CommandFailure {
  static var hasNoContracts: CommandFailure {
    CommandFailure(
      .refused, "the registry of this network is a file, and has no contracts",
      advice: "quorate network found --chain founds one on a chain")
  }

  fileprivate init(verification failure: VerificationFailure, _ terms: ChainRegistryTerms) {
    switch failure {
    case .chain(let trouble): self.init(chain: trouble)
    case .creation(let contract, let mismatch):
      let name = contract == terms.staking ? "Staking" : "Keys"
      let other = "give the hash of the transaction that made \(contract.checksumText)"
      switch mismatch {
      case .notInABlock:
        self.init(
          .networkUnavailable, "the transaction said to have made \(name) is in no block that counts", advice: other)
      case .notACreation:
        self.init(.networkNotTrusted, "the transaction said to have made \(name) makes no contract", advice: other)
      case .otherContract:
        self.init(.networkNotTrusted, "the transaction said to have made \(name) made another contract", advice: other)
      case .otherContent:
        self.init(
          .networkNotTrusted,
          "\(name) was made by other code, or with other arguments, than the founding document says: what it holds "
            + "may be anything",
          advice: "do not use this network, and put no stake into it")
      case .failed:
        self.init(.networkNotTrusted, "the transaction said to have made \(name) failed", advice: other)
      }
    }
  }
}
