import Attestation
import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Node
import Secrets
import Signatures
import SigningContent

/// Sets up a development network whose registry is on a chain of this machine: contracts, stakes, registrations, and the
/// founders' votes.
struct DevnetChainFounder: Sendable {
  let founder: DevnetFounder
  var life = NodeProcess.Life.detached

  private static let minimumStake: UInt64 = 1_000_000_000
  static let stake: UInt64 = 2_000_000_000
  static let maximumFee = UInt256(1_000_000_000_000_000_000)

  private var layout: DevnetLayout { founder.layout }

  struct Founded: Sendable {
    let network: LocalNetwork
    let chain: DevnetChain
  }

  func found(nodes count: Int, measurement: Measurement, step: (String) -> Void) async throws -> Founded {
    try founder.checkEmpty(nodes: count)
    let contracts = (staking: try ChainParts.contract("Staking"), keys: try ChainParts.contract("Keys"))
    try founder.makeFolders()
    step("stakers")
    let stakers = try founder.makeStakers(count)
    let root = try founder.makeRoot()
    // Nobody has rights by having deployed, so nobody needs to keep this key.
    var random = SystemRandom()
    let deployer = try EthereumSigningKey(from: &random)

    step("a chain")
    let chain = try await DevnetChain.start(layout, life, funding: stakers.map(\.address) + [deployer.address])
    do {
      let founding = try founding(stakers, root.publicKey, deployer.address, contracts.staking, contracts.keys)
      try await RegistryWriter(storage: RegistryFile(path: layout.registry), clock: founder.clock).found(founding)
      let list = try EndpointList([.init(name: "local", url: chain.url)], needed: 1)
      try PrivateFile.write(list.json.serialized, to: layout.endpoints, overwriting: false)
      let access = try access(founding, list)

      step("contracts")
      guard let deployment = Deployment(founding, maximumFee: Self.maximumFee) else {
        throw CommandFailure(.internalFault, "the founding document names no chain")
      }
      try await access.send([(deployer, try deployment.staking(contracts.staking.bytecode))])
      try await access.send([(deployer, try deployment.keys(contracts.keys.bytecode))])

      step("stakes and registrations")
      let registrations = try await founder.makeNodes(
        stakers, root, founding.network, .chain(document: layout.registry, list))
      let orders = StakingOrders(access.terms, maximumFee: Self.maximumFee)
      try await access.send(try stakers.map { ($0, try orders.stake(gwei: Self.stake)) })
      try await access.send(
        try stakers.compactMap { staker in
          try registrations.first { $0.node.staker == staker.address }.map { (staker, try orders.register($0)) }
        })

      step("votes")
      let kind = FoundingDocument.developmentEvidenceKind
      try await access.vote(
        try orders.vote(measurement: measurement.bytes, of: kind, accepted: true), by: stakers, in: founding)
      try await access.vote(try orders.vote(members: registrations), by: stakers, in: founding)
      let network = try await LocalNetwork(file: layout.registry)
      try await wait(for: count, in: network)
      return Founded(network: network, chain: chain)
    } catch {
      chain.end()
      throw error
    }
  }

  private func wait(for count: Int, in network: LocalNetwork) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try network.snapshot().members.count < count {
      guard ContinuousClock.now < deadline else {
        throw CommandFailure(.networkUnavailable, "the chain does not show the members that were voted for")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private func access(_ founding: FoundingDocument, _ list: EndpointList) throws -> ChainAccess {
    guard case .chain(let terms) = founding.registry else {
      throw CommandFailure(.internalFault, "the founding document names no chain")
    }
    let registry = try ChainRegistry(founding: founding, list, clock: founder.clock)
    return ChainAccess(registry: registry, terms: terms, clock: founder.clock)
  }

  private func founding(
    _ stakers: [EthereumSigningKey], _ root: DevelopmentRootKey, _ deployer: WalletAddress,
    _ staking: ChainParts.Contract, _ keys: ChainParts.Contract
  ) throws -> FoundingDocument {
    guard let addresses = Deployment.addresses(deployer: deployer, nonce: 0) else {
      throw CommandFailure(.internalFault, "no addresses for the contracts")
    }
    var terms = founder.terms(stakers, root)
    terms.minimumMembers = DevnetFounder.nodeCounts.lowerBound
    terms.minimumStake = Self.minimumStake
    terms.stakers = terms.stakers.map { FoundingStaker(address: $0.address, stake: Self.stake) }
    terms.registry = .chain(
      ChainRegistryTerms(
        chainID: DevnetChain.chainID, staking: addresses.staking, keys: addresses.keys, stakingCode: staking.codeHash,
        keysCode: keys.codeHash, window: 3_600, notice: 0, unstakeDelay: 7_200, keyDeposit: "1000000000000000",
        finalityDepth: DevnetChain.finalityDepth, headAgeSeconds: 30))
    return try FoundingDocument(terms)
  }
}

extension ChainAccess {
  /// Has as many vote as are needed. The last vote carries the content out, so what it costs is known only when the
  /// others count.
  func vote(
    _ order: TransactionOrder, by wallets: [EthereumSigningKey], in founding: FoundingDocument
  ) async throws(CommandFailure) {
    let needed = max(wallets.count * 2 / 3 + 1, founding.minimumMembers)
    guard needed <= wallets.count, let last = wallets.prefix(needed).last else {
      throw CommandFailure(.refused, "\(needed) stakers have to vote, and \(wallets.count) are at hand")
    }
    try await send(wallets.prefix(needed - 1).map { ($0, order) })
    try await send([(last, order)])
  }
}
