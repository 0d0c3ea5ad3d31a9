import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Secrets
import Signatures
import SigningContent
import Testing

/// The orders against the selectors the contracts' compiler gives, and against the contracts themselves.
struct OrdersTests {
  private func orders() throws -> (StakingOrders, KeysOrders, SampleChainNetwork) {
    let network = try SampleChainNetwork()
    guard case .chain(let terms) = network.founding.registry,
      let keys = KeysOrders(terms, maximumFee: UInt256(1))
    else { throw LoopbackChainFailure.notThere }
    return (StakingOrders(terms, maximumFee: UInt256(1)), keys, network)
  }

  @Test func `Every order names the function of the contract that it means`() throws {
    let (staking, keys, network) = try orders()
    let member = try network.member(0).registration
    let record = try network.record()
    let address = network.owner.address
    let made: [(TransactionOrder, String)] = [
      (try staking.stake(gwei: 1), "3a4b66f1"), (try staking.unstake(gwei: 1), "2e17de78"),
      (try staking.withdraw(to: address), "51cff8d9"), (try staking.register(member), "3fa023ef"),
      (try staking.leave(), "d66d9e19"), (try staking.vote(members: [member]), "00f7f383"),
      (try staking.vote(epoch: 2), "40a081e8"), (try staking.vote(policy: [1], minimumStake: 1), "195c80ff"),
      (try staking.vote(measurement: [UInt8](repeating: 1, count: 48), of: "software", accepted: true), "ba27a6d8"),
      (try staking.vote(keyCertificate: .zero, of: 1), "e39eed8f"),
      (try staking.vote(slash: address, gwei: 1, evidence: [1]), "88a9dde3"), (try staking.votePause(), "1d3ae0bc"),
      (try staking.voteResume(), "a5c38de3"), (try keys.create(record, .init()), "e421435b"),
      (try keys.grant(record, .init(), isActive: true), "151d2a7f"), (try keys.revoke(record.key), "b75c7dc6"),
      (try keys.transfer(record.key, to: address), "79ce9fac"),
      (try keys.notBefore(Timestamp(secondsSince1970: 1), hasOne: false), "4784f8e6"),
      (try keys.clearNotBefore(), "98f21fb1"), (try keys.collect(to: address), "142f9aba"),
    ]
    for (order, selector) in made {
      #expect(Hex.encode(Array(order.data.prefix(4))) == selector)
      #expect(order.to == (made.prefix(13).contains { $0.0 == order } ? staking.contract : keys.contract))
    }
  }

  @Test func `Money goes with what costs some, and with nothing else`() throws {
    let (staking, keys, network) = try orders()
    let record = try network.record()
    let deposit = UInt256(1_000_000_000_000_000)
    #expect(try staking.stake(gwei: 3).value == UInt256(3_000_000_000))
    #expect(try staking.unstake(gwei: 3).value == .zero)
    #expect(try keys.create(record, .init()).value == deposit)
    #expect(try keys.grant(record, .init(), isActive: true).value == .zero)
    #expect(try keys.grant(record, .init(), isActive: false).value == deposit)
    #expect(try keys.revoke(record.key).value == .zero)
    #expect(try keys.notBefore(Timestamp(secondsSince1970: 1), hasOne: false).value == UInt256(1_000_000_000_000_000))
    #expect(try keys.notBefore(Timestamp(secondsSince1970: 1), hasOne: true).value == .zero)
  }

  @Test func `Registrations are kept as the reader reads them`() throws {
    let (_, _, network) = try orders()
    let member = try network.member(1)
    let listed = ListedMember(
      staker: member.node.staker, stake: member.stake, registration: member.registration.contractBytes)
    #expect(listed.member == member)
    #expect(member.registration.contractBytes == SimulatedRegistry.ListedMember(member).registration)
  }

  @Test(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
  func `A key is made, granted, handed on and revoked by orders, and the contract says where it stands`() async throws {
    let deployed = try await DeployedNetwork.deploy()
    defer { deployed.chain.end() }
    let network = deployed.network
    let owner = network.owner
    let heir = network.stakers[0]
    let fee = UInt256(1_000_000_000_000_000_000)
    let keys = try #require(KeysOrders(deployed.terms, maximumFee: fee))
    let staking = StakingOrders(deployed.terms, maximumFee: fee)
    let registry = try ChainRegistry(
      founding: network.founding,
      endpoints: [ChainEndpoint(name: "one", transport: HTTPTransport(deployed.chain.url))], needed: 1,
      clock: LateClock())
    func send(_ wallet: EthereumSigningKey, _ order: TransactionOrder) async throws {
      try await deployed.send(wallet, to: order.to, value: order.value, order.data)
      try await deployed.chain.mine(3)
      #expect(await registry.refresh())
    }
    try await send(heir, try staking.stake(gwei: 500))
    #expect(try await registry.account(of: heir.address).stake == 500)
    #expect(try await registry.account(of: heir.address).registration == nil)
    try await send(heir, try staking.register(network.member(0).registration))
    #expect(try await registry.account(of: heir.address).registration == network.member(0).registration)
    #expect(try await registry.account(of: heir.address).isListed == false)
    let votes = try await registry.votesNeeded()
    #expect(votes.toDecide == 4 && votes.toPause == 2)

    let record = try network.record()
    #expect(try await registry.standing(of: record.key).owner == nil)
    try await send(owner, try keys.create(record, .init()))
    #expect(registry.current?.keyRecord(record.key) == record)
    try await send(owner, try keys.transfer(record.key, to: heir.address))
    let standing = try await registry.standing(of: record.key)
    #expect(standing.owner == heir.address && !standing.isActive && standing.isRevocable)
    #expect(registry.current?.keyRecord(record.key) == nil)
    await #expect(throws: SendingFailure.wouldRevert) {
      try await deployed.send(owner, to: deployed.terms.keys, try keys.grant(record, .init(), isActive: true).data)
    }
    try await send(heir, try keys.grant(record, .init(transferable: false), isActive: false))
    #expect(registry.current?.keyRecord(record.key)?.owner == heir.address)
    #expect(registry.current?.keyRecord(record.key)?.creator == owner.address)
    #expect(try await registry.standing(of: record.key).isTransferable == false)
    try await send(heir, try keys.revoke(record.key))
    #expect(registry.current?.keyRecord(record.key) == nil)
    try await send(heir, try keys.collect(to: heir.address))
    let moment = Timestamp(secondsSince1970: 1_800_000_000)
    try await send(heir, try keys.notBefore(moment, hasOne: false))
    #expect(registry.current?.notBefore(of: heir.address) == moment)
    try await send(heir, try keys.notBefore(moment.adding(seconds: 1), hasOne: true))
    #expect(registry.current?.notBefore(of: heir.address) == moment.adding(seconds: 1))
    await #expect(throws: SendingFailure.wouldRevert) {
      try await deployed.send(heir, to: deployed.terms.keys, try keys.clearNotBefore().data)
    }
  }
}
