import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent
import Testing

/// Contracts that come onto a loopback chain one after the other, which mines when it is told to.
struct DeploymentFixture {
  let chain: LoopbackChain
  let deployer: EthereumSigningKey
  let stranger: EthereumSigningKey
  let contracts: (staking: LoopbackChain.Compiled, keys: LoopbackChain.Compiled)

  static let fee = UInt256(1_000_000_000_000_000_000)

  init() throws {
    deployer = try SampleChainNetwork.wallet(2_000)
    stranger = try SampleChainNetwork.wallet(2_001)
    contracts = (try LoopbackChain.compiled("Staking"), try LoopbackChain.compiled("Keys"))
    chain = try LoopbackChain(
      funding: [deployer.address, stranger.address] + SampleChainNetwork().stakers.map(\.address))
  }

  func founding(nonce: UInt64, name: String = "chain") throws -> FoundingDocument {
    let addresses = try #require(Deployment.addresses(deployer: deployer.address, nonce: nonce))
    return try SampleChainNetwork(
      name: name, headAgeSeconds: 600, staking: addresses.staking, keys: addresses.keys,
      stakingCode: contracts.staking.codeHash, keysCode: contracts.keys.codeHash
    ).founding
  }

  func terms(_ founding: FoundingDocument) throws -> ChainRegistryTerms {
    guard case .chain(let terms) = founding.registry else { throw LoopbackChainFailure.notThere }
    return terms
  }

  func list() throws -> EndpointList {
    try EndpointList(["one", "two", "three"].map { .init(name: $0, url: chain.url) }, needed: 2)
  }

  func site(_ founding: FoundingDocument, clock: any LocalClock = LateClock()) throws -> DeploymentSite {
    try DeploymentSite(founding, list(), clock: clock)
  }

  private func sender() throws -> TransactionSender {
    let rules = ChainRules(chainID: SampleChainNetwork.chainID, finalityDepth: 0, headAgeLimit: .seconds(600))
    return TransactionSender(try EndpointSet(list().endpoints(), needed: 2, rules: rules, clock: LateClock()))
  }

  func sign(
    _ order: TransactionOrder, by wallet: EthereumSigningKey? = nil, nonce: UInt64? = nil
  ) async throws -> SignedEthereumTransaction {
    let wallet = wallet ?? deployer
    return try await sender().prepare(order, from: wallet.address, nonce: nonce).signed(by: wallet)
  }

  /// Sent, and in no block yet.
  @discardableResult
  func send(_ order: TransactionOrder, by wallet: EthereumSigningKey? = nil) async throws -> Digest32 {
    let signed = try await sign(order, by: wallet)
    try await sender().send(signed)
    return signed.hash
  }

  func receipt(of hash: Digest32) async throws -> TransactionReceipt? { try await sender().receipt(of: hash) }

  /// What both contracts should have come of, and what is said to have made them.
  func creations(_ founding: FoundingDocument, _ staking: Digest32, _ keys: Digest32) throws -> DeploymentCreations {
    let deployment = try #require(Deployment(founding, maximumFee: Self.fee))
    return DeploymentCreations(
      staking: .init(hash: staking, order: try deployment.staking(contracts.staking.bytecode)),
      keys: .init(hash: keys, order: try deployment.keys(contracts.keys.bytecode)))
  }
}
