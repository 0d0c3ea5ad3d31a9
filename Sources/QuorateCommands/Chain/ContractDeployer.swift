import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent
import Wire

/// Brings a network's contracts onto its chain, one after the other, and goes on where somebody stopped.
struct ContractDeployer: Sendable {
  let access: ChainAccess
  private let site: DeploymentSite
  private let staking: TransactionOrder
  private let keys: TransactionOrder

  /// The transaction that makes one of them.
  struct Creation: Sendable {
    let name: String
    let address: WalletAddress
    let nonce: UInt64
    let order: TransactionOrder
  }

  init(
    _ founding: FoundingDocument, _ list: EndpointList, maximumFee: UInt256, clock: any LocalClock
  ) throws(CommandFailure) {
    guard case .chain(let terms) = founding.registry, let deployment = Deployment(founding, maximumFee: maximumFee)
    else {
      throw CommandFailure(
        .refused, "the registry of this network is a file, and has no contracts",
        advice: "quorate network found --chain founds one on a chain")
    }
    let contracts = try CompiledContracts.read()
    guard contracts.staking.codeHash == terms.stakingCode, contracts.keys.codeHash == terms.keysCode else {
      throw CommandFailure(
        .refused, "the founding document means other contracts than those that are compiled here",
        advice: "use the release with which it was made, and run its scripts/setup-contracts")
    }
    do throws(ABIError) {
      staking = try deployment.staking(contracts.staking.bytecode)
      keys = try deployment.keys(contracts.keys.bytecode)
    } catch {
      throw CommandFailure(order: error)
    }
    do throws(ChainRegistryError) {
      access = ChainAccess(
        registry: try ChainRegistry(founding: founding, list, clock: clock), terms: terms, clock: clock)
      site = try DeploymentSite(founding, list, clock: clock)
    } catch {
      throw CommandFailure(chainRegistry: error)
    }
  }

  /// What is there now.
  ///
  /// - Parameter number: of a block that has to be part of it.
  func stage(from number: UInt64 = 0) async throws(CommandFailure) -> (stage: DeploymentStage, block: UInt64) {
    do { return try await site.stage(from: number) } catch { throw CommandFailure(deployment: error) }
  }

  /// What the deployer still has to send, in this order.
  func creations(
    after stage: DeploymentStage, by deployer: WalletAddress
  ) async throws(CommandFailure) -> [Creation] {
    guard stage != .complete else { return [] }
    let nonce: UInt64
    do { nonce = try await site.nonce(after: stage, of: deployer) } catch { throw CommandFailure(deployment: error) }
    let terms = access.terms
    func keys(_ nonce: UInt64) -> Creation {
      Creation(name: "Keys", address: terms.keys, nonce: nonce, order: self.keys)
    }
    guard stage == .nothing else { return [keys(nonce)] }
    // The nonce of Staking has one after it: an address was computed from that.
    return [Creation(name: "Staking", address: terms.staking, nonce: nonce, order: staking), keys(nonce &+ 1)]
  }

  /// Has what is missing sent, each when the one before it is in a block.
  ///
  /// - Parameter send: has it signed and sent, and waits until it is in a block.
  /// - Returns: how many were sent, and a block in which both are there.
  func deploy(
    from deployer: WalletAddress, _ send: (Creation) async throws -> TransactionReceipt
  ) async throws -> (sent: Int, block: UInt64) {
    var number: UInt64 = 0
    var sent = 0
    while true {
      do { try await site.settle(deployer, within: access.patience) } catch { throw CommandFailure(deployment: error) }
      let (stage, block) = try await stage(from: number)
      guard let creation = try await creations(after: stage, by: deployer).first else { return (sent, block) }
      number = try await send(creation).blockNumber
      sent += 1
    }
  }

  /// Checks that what lies there is what the founding document says, as every node of the network will.
  ///
  /// - Parameter block: in which both are there.
  func verify(from block: UInt64) async throws(CommandFailure) -> AgreedBlock {
    do { return try await site.verify(from: block, within: access.settlingPatience) } catch {
      throw CommandFailure(chain: error)
    }
  }
}

extension ChainAccess {
  /// Signs and sends one of a network's contracts, and waits until it is in a block.
  func send(
    _ creation: ContractDeployer.Creation, by deployer: EthereumSigningKey
  ) async throws(CommandFailure) -> TransactionReceipt {
    let receipts = try await send([(deployer, creation.order)], from: [deployer.address: creation.nonce])
    guard let receipt = receipts.first else { throw CommandFailure(.internalFault, "nothing was sent") }
    return receipt
  }
}

extension CommandFailure {
  init(deployment failure: DeploymentFailure) {
    let anew = "found the network anew, with the nonce the deployer has now"
    switch failure {
    case .chain(let trouble): self.init(chain: trouble)
    case .occupied(let address):
      self.init(
        .networkNotTrusted, "at \(address.checksumText) lies other code than the founding document means",
        advice: anew)
    case .otherNonce(let next, let needed):
      self.init(
        .refused,
        "the address in the founding document is that of nonce \(needed), and the deployer's next one is \(next): the "
          + "contract would land elsewhere",
        advice: needed < next ? anew : "\(needed - next) other transactions have to come first, or \(anew)")
    case .otherDeployer:
      self.init(
        .refused, "the addresses in the founding document are not of this deployer's next transactions",
        advice: "deploy with the wallet that was named in quorate network found --deployer, or \(anew)")
    case .transactionsWait:
      self.init(
        .networkUnavailable, "the deployer has transactions that are in no block yet",
        advice: "repeat this when they are; it goes on where it stopped")
    }
  }

  init(chainRegistry error: ChainRegistryError) {
    self.init(.badInput, "the endpoints cannot be used: \(error)", advice: "docs/operating.md shows a list")
  }
}
