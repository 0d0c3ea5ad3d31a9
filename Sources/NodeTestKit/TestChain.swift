public import ChainRegistry
public import ChainTestKit
internal import EthereumChain
public import EthereumRPC
internal import Identifiers
package import Membership
internal import Secrets
public import Signatures
internal import SigningContent
internal import Wire

/// The project's contracts on a chain of a test's own, and the wallets that do something with them.
///
/// Blocks come every two seconds, and at once when a transaction waits; since every block is at least a second after the
/// one before, the chain's time stays near the machine's.
public final class TestChain: Sendable {
  public let loopback: LoopbackChain
  public let endpoints: EndpointList
  private let founding: FoundingDocument
  private let stakers: [EthereumSigningKey]
  private let terms: ChainRegistryTerms
  private let sender: TransactionSender
  private let clock: any LocalClock

  private static let fee = UInt256(1_000_000_000_000_000_000)
  private static let stake: UInt64 = 10

  /// What a founding document has to say before there is a chain.
  struct Parts {
    let terms: ChainRegistryTerms
    let deployer: EthereumSigningKey
    let staking: LoopbackChain.Compiled
    let keys: LoopbackChain.Compiled

    init(depth: UInt64) throws {
      var random = SystemRandom()
      deployer = try EthereumSigningKey(from: &random)
      staking = try LoopbackChain.compiled("Staking")
      keys = try LoopbackChain.compiled("Keys")
      guard let addresses = Deployment.addresses(deployer: deployer.address, nonce: 0) else {
        throw LoopbackChainFailure.notThere
      }
      terms = ChainRegistryTerms(
        chainID: 31_337, staking: addresses.staking, keys: addresses.keys, stakingCode: staking.codeHash,
        keysCode: keys.codeHash, window: 3_600, notice: 0, unstakeDelay: 7_200, keyDeposit: "1000000000000000",
        finalityDepth: depth, headAgeSeconds: 60)
    }
  }

  init(
    _ parts: Parts, founding: FoundingDocument, stakers: [EthereumSigningKey], clock: any LocalClock
  ) async throws {
    let loopback = try LoopbackChain(funding: stakers.map(\.address) + [parts.deployer.address], every: 2)
    self.loopback = loopback
    self.founding = founding
    self.stakers = stakers
    self.clock = clock
    terms = parts.terms
    endpoints = try EndpointList(
      ["one", "two", "three"].map { .init(name: $0, url: loopback.url) }, needed: 2)
    let rules = ChainRules(
      chainID: parts.terms.chainID, finalityDepth: 0, headAgeLimit: .seconds(parts.terms.headAgeSeconds))
    sender = TransactionSender(
      try EndpointSet(
        [ChainEndpoint(name: "sender", transport: HTTPTransport(loopback.url))], needed: 1, rules: rules,
        clock: clock))
    guard let deployment = Deployment(founding, maximumFee: Self.fee) else { throw LoopbackChainFailure.notThere }
    try await send([(parts.deployer, try deployment.staking(parts.staking.bytecode))])
    try await send([(parts.deployer, try deployment.keys(parts.keys.bytecode))])
    let orders = orders
    try await send(try stakers.map { ($0, try orders.stake(gwei: Self.stake)) })
  }

  func end() { loopback.end() }

  /// A reader of its own.
  public func reader() throws -> ChainRegistry { try ChainRegistry(founding: founding, endpoints, clock: clock) }

  package var orders: StakingOrders { StakingOrders(terms, maximumFee: Self.fee) }

  /// Puts transactions into the next block; one that fails is an error.
  package func send(_ transactions: [(EthereumSigningKey, TransactionOrder)]) async throws {
    var hashes: [Digest32] = []
    for (wallet, order) in transactions {
      let signed = try await sender.prepare(order, from: wallet.address).signed(by: wallet)
      try await sender.send(signed)
      hashes.append(signed.hash)
    }
    try await loopback.mine()
    for hash in hashes {
      guard let receipt = try await sender.receipt(of: hash), receipt.succeeded else {
        throw LoopbackChainFailure.failed("a transaction")
      }
    }
  }

  /// Gives somebody some ether.
  func fund(_ address: WalletAddress) async throws {
    try await loopback.control(
      "chain_fund", .string(address.text), .string(HexText.write(UInt256(1_000_000_000_000_000_000))))
    try await loopback.mine()
  }

  /// A contract that is a wallet, and its first owner's.
  public func makeWallet(ownedBy owner: EthereumSigningKey) async throws -> OwnedWallet {
    guard let wallet = OwnedWallet(deployer: owner.address, nonce: 0, maximumFee: Self.fee) else {
      throw LoopbackChainFailure.failed("no address for the wallet")
    }
    try await fund(owner.address)
    try await send([(owner, wallet.deployment)])
    try await send([(owner, wallet.setOwner(owner.address))])
    return wallet
  }

  /// As many vote as are needed to decide, or so many; the deciding vote is in a block of its own.
  package func vote(
    _ order: TransactionOrder, by wallets: [EthereumSigningKey], votes: Int? = nil
  ) async throws {
    let needed = votes ?? max(wallets.count * 2 / 3 + 1, founding.minimumMembers)
    guard needed <= wallets.count else { throw LoopbackChainFailure.failed("too few voters") }
    try await send(wallets.prefix(needed - 1).map { ($0, order) })
    try await send([(wallets[needed - 1], order)])
  }

  /// The same content once more, by those of these who did not vote for it yet or whose vote the chain took back.
  package func voteAgain(_ order: TransactionOrder, by wallets: [EthereumSigningKey]) async throws {
    for wallet in wallets {
      do {
        try await send([(wallet, order)])
      } catch SendingFailure.wouldRevert {
        continue
      }
    }
  }

  package func register(_ registration: Registration, by staker: EthereumSigningKey) async throws {
    try await send([(staker, try orders.register(registration))])
  }

  /// The same as an update of a file, by votes or by the owner.
  func enter(_ change: RegistryChange, signedBy wallets: [EthereumSigningKey]) async throws {
    let orders = orders
    switch change {
    case .members(let members):
      for member in members {
        // Nobody but its staker registers a node; who registered before does so again.
        guard let staker = stakers.first(where: { $0.address == member.node.staker }) else { continue }
        try await register(member.registration, by: staker)
      }
      try await vote(try orders.vote(members: members.map(\.registration)), by: wallets)
    case .measurements(let measurements):
      for (kind, values) in measurements {
        for value in values {
          try await vote(try orders.vote(measurement: value, of: kind, accepted: true), by: wallets)
        }
      }
    case .keyCertificate(let epoch, let digest):
      try await vote(try orders.vote(keyCertificate: digest, of: epoch), by: wallets)
    case .epoch(let epoch):
      try await vote(try orders.vote(epoch: epoch), by: wallets)
    case .policy(_, let stake, _):
      try await vote(try orders.vote(policy: change.body, minimumStake: stake), by: wallets)
    case .keyRecord(let record):
      guard let owner = wallets.first, let keys = KeysOrders(terms, maximumFee: Self.fee) else {
        throw LoopbackChainFailure.failed("no owner")
      }
      try await fund(owner.address)
      try await send([(owner, try keys.create(record, .init()))])
    case .notBefore:
      throw LoopbackChainFailure.failed("not needed by any test")
    }
  }
}
