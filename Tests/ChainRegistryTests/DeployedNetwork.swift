import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Secrets
import Signatures
import SigningContent

/// The machine's clock some minutes on: blocks that are mined at once are a second apart all the same, and get ahead of
/// the machine's own.
struct LateClock: LocalClock {
  private let system = SystemClock()

  var wall: Timestamp { system.wall.adding(seconds: 300) }
  func monotonicNow() -> Duration { system.monotonicNow() }
  func sleep(for duration: Duration) async throws { try await system.sleep(for: duration) }
}

/// The project's contracts on a loopback chain, with five stakers who vote each other in.
struct DeployedNetwork {
  let chain: LoopbackChain
  let network: SampleChainNetwork
  let sender: TransactionSender
  let terms: ChainRegistryTerms

  private static let gwei: UInt64 = 1_000_000_000
  private static let ether = UInt256(1_000_000_000_000_000_000)

  static func deploy() async throws -> DeployedNetwork {
    let deployer = try SampleChainNetwork.wallet(2_000)
    let staking = try LoopbackChain.compiled("Staking")
    let keys = try LoopbackChain.compiled("Keys")
    let network = try SampleChainNetwork(
      headAgeSeconds: 600, staking: WalletAddress(contractCreatedBy: deployer.address, nonce: 0),
      keys: WalletAddress(contractCreatedBy: deployer.address, nonce: 1), stakingCode: staking.codeHash,
      keysCode: keys.codeHash)
    guard case .chain(let terms) = network.founding.registry else { throw LoopbackChainFailure.notThere }
    let chain = try LoopbackChain(
      funding: network.stakers.map(\.address) + [network.owner.address, deployer.address])
    let rules = ChainRules(chainID: terms.chainID, finalityDepth: 0, headAgeLimit: .seconds(600))
    let sender = TransactionSender(
      try EndpointSet(
        [ChainEndpoint(name: "loopback", transport: HTTPTransport(chain.url))], needed: 1, rules: rules,
        clock: LateClock()))
    let deployed = DeployedNetwork(chain: chain, network: network, sender: sender, terms: terms)
    let founders = ABIValue.array(network.founding.stakers.map { .address($0.address) })
    let arguments = try ABIValue.encode(
      [
        .bytes(network.founding.bytes), founders, .uint(UInt64(network.founding.minimumMembers)),
        .uint(network.founding.minimumStake), .uint(terms.window), .uint(terms.notice), .uint(terms.unstakeDelay),
      ],
      as: [
        .bytes(limit: 1 << 14), .array(.address, limit: 200), .uint256, .uint256, .uint256, .uint256, .uint256,
      ])
    try await deployed.send(deployer, to: nil, staking.bytecode + arguments)
    try await chain.mine()
    let deposit = UInt256(decimal: terms.keyDeposit) ?? .zero
    let rest = try ABIValue.encode([.address(terms.staking), .uint(deposit)], as: [.address, .uint256])
    try await deployed.send(deployer, to: nil, keys.bytecode + rest)
    try await chain.mine()
    return deployed
  }

  func send(_ wallet: EthereumSigningKey, to: WalletAddress?, value: UInt256 = .zero, _ data: [UInt8]) async throws {
    let order = TransactionOrder(to: to, value: value, data: data, maximumFee: Self.ether)
    let transaction = try await sender.prepare(order, from: wallet.address)
    try await sender.send(try transaction.signed(by: wallet))
  }

  func staking(
    _ wallet: EthereumSigningKey, _ signature: String, _ arguments: [ABIValue] = [], _ types: [ABIType] = [],
    value: UInt256 = .zero
  ) async throws {
    let data = try ContractFunction(signature, types).callData(arguments)
    try await send(wallet, to: terms.staking, value: value, data)
  }

  func keys(
    _ wallet: EthereumSigningKey, _ signature: String, _ arguments: [ABIValue] = [], _ types: [ABIType] = [],
    value: UInt256 = .zero
  ) async throws {
    let data = try ContractFunction(signature, types).callData(arguments)
    try await send(wallet, to: terms.keys, value: value, data)
  }

  /// As many vote as are needed; the last vote, which carries the content out, is estimated where the others count.
  func vote(
    _ signature: String, _ arguments: [ABIValue], _ types: [ABIType], by count: Int = 4
  ) async throws {
    for wallet in network.stakers.prefix(count - 1) { try await staking(wallet, signature, arguments, types) }
    try await chain.mine()
    try await staking(network.stakers[count - 1], signature, arguments, types)
    try await chain.mine()
  }

  func stakeAndRegister() async throws {
    for wallet in network.stakers {
      try await staking(wallet, "stake()", value: UInt256(500 * Self.gwei))
    }
    try await chain.mine()
    for (place, wallet) in network.stakers.enumerated() {
      let member = try network.member(place)
      try await staking(
        wallet, "register(bytes32,string,string,bytes)",
        [
          .fixedBytes(member.identityKey), .string(member.peerEndpoint.text), .string(member.clientEndpoint.text),
          .bytes(member.registration.proof),
        ], [.bytes32, .string(limit: 264), .string(limit: 264), .bytes(limit: 64)])
    }
    try await chain.mine()
  }

  func voteMembers(_ places: [Int]) async throws {
    let members = try places.map { try network.member($0) }
      .sorted { $0.identityKey.lexicographicallyPrecedes($1.identityKey) }
    let digests = members.map {
      ABIValue.digest(.keccak256(SimulatedRegistry.ListedMember($0).registration))
    }
    try await vote(
      "voteMembers(address[],bytes32[])", [.array(members.map { .address($0.node.staker) }), .array(digests)],
      [.array(.address, limit: 200), .array(.bytes32, limit: 200)])
  }
}
