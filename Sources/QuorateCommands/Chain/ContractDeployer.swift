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
  private let contracts: FoundedContracts

  /// The transaction that makes one of them.
  struct Creation: Sendable {
    enum Contract: String, Sendable {
      case staking = "Staking"
      case keys = "Keys"
    }

    let contract: Contract
    let address: WalletAddress
    let nonce: UInt64
    let order: TransactionOrder

    var name: String { contract.rawValue }
  }

  init(
    _ founding: FoundingDocument, _ list: EndpointList, maximumFee: UInt256, clock: any LocalClock
  ) throws(CommandFailure) {
    try founding.requireDepth()
    contracts = try FoundedContracts(founding, maximumFee: maximumFee)
    do throws(ChainRegistryError) {
      access = ChainAccess(
        registry: try ChainRegistry(founding: founding, list, clock: clock), terms: contracts.terms, clock: clock)
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
  ///
  /// - Parameters:
  ///   - read: what was found there before.
  ///   - resending: whether it may be on its way already.
  /// - Returns: nothing where both contracts are there, and the block at which that was read.
  func creations(
    after read: (stage: DeploymentStage, block: UInt64), by deployer: WalletAddress, resending: Bool = false
  ) async throws(CommandFailure) -> (creations: [Creation], block: UInt64) {
    let (stage, block, next): (DeploymentStage, UInt64, UInt64?)
    do { (stage, block, next) = try await site.next(for: deployer, after: read, resending: resending) } catch {
      throw CommandFailure(deployment: error)
    }
    guard let nonce = next else { return ([], block) }
    let terms = access.terms
    func keys(_ nonce: UInt64) -> Creation {
      Creation(contract: .keys, address: terms.keys, nonce: nonce, order: contracts.keys)
    }
    guard stage == .nothing else { return ([keys(nonce)], block) }
    let staking = Creation(contract: .staking, address: terms.staking, nonce: nonce, order: contracts.staking)
    // The nonce of Staking has one after it: an address was computed from that.
    return ([staking, keys(nonce &+ 1)], block)
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
      let (creations, block) = try await creations(after: stage(from: number), by: deployer)
      guard let creation = creations.first else { return (sent, block) }
      number = try await send(creation).blockNumber
      sent += 1
    }
  }

  /// Checks that what lies there is what the founding document says, as every node of the network will, and that these
  /// transactions made it.
  ///
  /// - Parameter block: in which both are there.
  func verify(_ hashes: CreationHashes, from block: UInt64) async throws(CommandFailure) -> VerifiedContracts {
    try await contracts.verify(hashes, at: site, from: block, within: access.settlingPatience)
  }
}

extension ChainAccess {
  /// Signs and sends one of a network's contracts, and waits until it is in a block.
  ///
  /// - Parameter record: keeps the hash before anybody else has it.
  func send(
    _ creation: ContractDeployer.Creation, by deployer: EthereumSigningKey,
    recording record: (Digest32) throws(CommandFailure) -> Void
  ) async throws(CommandFailure) -> TransactionReceipt {
    let signed: SignedEthereumTransaction
    do throws(SendingFailure) {
      let transaction = try await sender.prepare(creation.order, from: deployer.address, nonce: creation.nonce)
      do { signed = try transaction.signed(by: deployer) } catch { throw .invalid(error) }
    } catch {
      throw CommandFailure(creating: creation.name, error)
    }
    try record(signed.hash)
    let receipt: TransactionReceipt
    do throws(SendingFailure) {
      try await sender.send(signed)
      receipt = try await self.receipt(of: signed.hash)
    } catch {
      throw CommandFailure(creating: creation.name, error)
    }
    guard receipt.succeeded else {
      throw CommandFailure(
        .refused,
        "transaction \(HexText.write(signed.hash.bytes)) is in a block and failed: \(creation.name) is not there, and its nonce is used",
        advice: "found the network anew, with the nonce the deployer has now")
    }
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
        advice:
          "repeat this when they are; it goes on where it stopped. docs/operating.md says what to do when they never "
          + "are")
    }
  }

  /// Why one of a network's contracts is not made.
  init(creating name: String, _ failure: SendingFailure) {
    switch failure {
    case .wouldRevert:
      self.init(
        .refused, "the chain refuses to make \(name) with what the founding document says; nothing was sent",
        advice: "are the amounts and times in it within the bounds in docs/chain.md, and does the chain run its code?")
    case .notMined:
      self.init(
        .networkUnavailable, "the transaction that makes \(name) is in no block yet",
        advice: "repeat this later; it goes on where it stopped. docs/operating.md says what to do when it never is")
    case .notAccepted:
      self.init(
        .networkUnavailable,
        "no endpoint took the transaction that makes \(name): its nonce may have been used meanwhile",
        advice: "repeat this; it says whether it was")
    default: self.init(sending: failure)
    }
  }

  init(chainRegistry error: ChainRegistryError) {
    self.init(.badInput, "the endpoints cannot be used: \(error)", advice: "docs/operating.md shows a list")
  }
}
