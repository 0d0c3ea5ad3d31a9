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
    let contracts = try CompiledContracts.read()
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
      let founding = try founding(stakers, root.publicKey, deployer.address, contracts)
      try await RegistryWriter(storage: RegistryFile(path: layout.registry), clock: founder.clock).found(founding)
      let list = try EndpointList([.init(name: "local", url: chain.url)], needed: 1)
      try PrivateFile.write(list.json.serialized, to: layout.endpoints, overwriting: false)

      step("contracts")
      let contracts = try ContractDeployer(founding, list, maximumFee: Self.maximumFee, clock: founder.clock)
      let access = contracts.access
      var record = DeploymentRecord(network: founding.network)
      _ = try await contracts.deploy(from: deployer.address) { creation in
        try await access.send(creation, by: deployer) { hash throws(CommandFailure) in
          record.note(hash, of: creation)
          try record.write(beside: layout.registry)
        }
      }

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

  private func founding(
    _ stakers: [EthereumSigningKey], _ root: DevelopmentRootKey, _ deployer: WalletAddress,
    _ contracts: CompiledContracts
  ) throws -> FoundingDocument {
    var terms = founder.terms(stakers, root)
    terms.minimumMembers = DevnetFounder.nodeCounts.lowerBound
    terms.minimumStake = Self.minimumStake
    terms.stakers = terms.stakers.map { FoundingStaker(address: $0.address, stake: Self.stake) }
    var place = try contracts.terms(
      on: DevnetChain.chainID, deployer: deployer, nonce: 0, finalityDepth: DevnetChain.finalityDepth,
      headAgeSeconds: 30)
    place.window = 3_600
    place.notice = 0
    place.unstakeDelay = 7_200
    terms.registry = .chain(place)
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
