import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import PublicKeys
import Secrets
import Signatures
import SigningContent
import Testing

/// The reader against the project's own contracts on a real EVM. Skipped where set-up has not made either.
@Suite(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct LoopbackChainTests {
  private func registry(_ deployed: DeployedNetwork) throws -> ChainRegistry {
    try ChainRegistry(
      founding: deployed.network.founding,
      endpoints: try ["one", "two", "three"].map {
        try ChainEndpoint(name: $0, transport: HTTPTransport(deployed.chain.url))
      }, needed: 2, clock: LateClock())
  }

  @Test func `The contracts' whole life is read as it happens`() async throws {
    let deployed = try await DeployedNetwork.deploy()
    defer { deployed.chain.end() }
    let network = deployed.network
    let registry = try registry(deployed)
    func look() async throws -> MembershipSnapshot {
      // Two blocks on it, and it counts.
      try await deployed.chain.mine(2)
      await registry.refresh()
      #expect(registry.trouble == nil)
      return try #require(registry.current)
    }

    var snapshot = try await look()
    #expect(snapshot.members.isEmpty)
    #expect(snapshot.epoch == 1)

    try await deployed.stakeAndRegister()
    try await deployed.voteMembers([0, 1, 2, 3, 4])
    snapshot = try await look()
    #expect(snapshot.members == (try (0..<5).map { try network.member($0, stake: 500) }))
    let joined = snapshot.number

    let record = try network.record()
    let body = RegistryChange.keyRecord(record).body
    let deposit = UInt256(1_000_000_000_000_000)
    try await deployed.keys(
      network.owner, "create(string,bytes,bytes,bool,bool)",
      [.string(record.purpose.rawValue), .bytes(record.salt), .bytes(body), .bool(true), .bool(true)],
      [.string(limit: 32), .bytes(limit: 32), .bytes(limit: 12 << 10), .bool, .bool], value: deposit)
    try await deployed.chain.mine()
    try await deployed.keys(
      network.owner, "setNotBefore(uint256)", [.uint(1_700_000_000)], [.uint256], value: deposit)
    try await deployed.chain.mine()
    snapshot = try await look()
    #expect(snapshot.keyRecord(record.key) == record)
    #expect(snapshot.notBefore(of: network.owner.address) == Timestamp(secondsSince1970: 1_700_000_000))
    #expect(snapshot.number > joined)
    #expect(snapshot.digest(at: joined) != nil)

    let certificate = Digest32.keccak256([7])
    try await deployed.vote(
      "voteKeyCertificate(uint256,bytes32)", [.uint(1), .digest(certificate)], [.uint256, .bytes32])
    let measurement = [UInt8](repeating: 5, count: 48)
    try await deployed.vote(
      "voteMeasurement(string,bytes,bool)", [.string("sev-snp"), .bytes(measurement), .bool(true)],
      [.string(limit: 32), .bytes(limit: 48), .bool])
    let policy = RegistryChange.policy(evidenceKinds: ["sev-snp"], minimumStake: 400).body
    try await deployed.vote(
      "votePolicy(bytes,uint256)", [.bytes(policy), .uint(400)], [.bytes(limit: 8 << 10), .uint256])
    snapshot = try await look()
    #expect(snapshot.certificateDigest == certificate)
    #expect(snapshot.evidenceKinds == ["sev-snp"])
    #expect(snapshot.minimumStake == 400)
    // Announced a minute ahead.
    #expect(snapshot.measurements == [:])
    try await deployed.chain.control("chain_setTimeOffset", .integer(100))
    try await deployed.chain.mine()
    snapshot = try await look()
    #expect(snapshot.measurements == ["sev-snp": [measurement]])

    // T8: slashed below the minimum, and gone.
    try await deployed.vote(
      "voteSlash(address,uint256,bytes)",
      [.address(network.stakers[4].address), .uint(200), .bytes(Array("evidence".utf8))],
      [.address, .uint256, .bytes(limit: 1_024)])
    snapshot = try await look()
    #expect(snapshot.eligibleMember(NodeID(staker: network.stakers[4].address)) == nil)
    #expect(snapshot.member(NodeID(staker: network.stakers[4].address))?.stake == 300)
    try await deployed.staking(network.stakers[4], "leave()")
    try await deployed.chain.mine()
    snapshot = try await look()
    #expect(snapshot.members.map(\.node.staker) == network.stakers.prefix(4).map(\.address))

    try await deployed.keys(network.owner, "revoke(bytes32)", [.digest(record.key.digest)], [.bytes32])
    try await deployed.chain.mine()
    snapshot = try await look()
    #expect(snapshot.keyRecord(record.key) == nil)

    try await deployed.vote("voteEpoch(uint256)", [.uint(2)], [.uint256], by: 3)
    snapshot = try await look()
    #expect(snapshot.epoch == 2)
    #expect(snapshot.certificateDigest == nil)
    #expect(snapshot.certificateDigest(of: 1) == certificate)
  }

  @Test func `A10 A join taken back above the depth is never seen, and final blocks taken back stop the reader`()
    async throws
  {
    let deployed = try await DeployedNetwork.deploy()
    defer { deployed.chain.end() }
    let registry = try registry(deployed)
    try await deployed.stakeAndRegister()
    try await deployed.chain.mine(4)
    await registry.refresh()
    #expect(registry.current?.members.isEmpty == true)
    try await deployed.voteMembers([0, 1, 2, 3, 4])
    await registry.refresh()
    #expect(registry.current?.members.isEmpty == true)
    try await deployed.chain.control("chain_rewind", .integer(2))
    try await deployed.chain.mine(4)
    await registry.refresh()
    #expect(registry.current?.members.isEmpty == true)
    #expect(!registry.isStopped)
    try await deployed.chain.control("chain_rewind", .integer(4))
    try await deployed.chain.mine(6)
    await registry.refresh()
    #expect(registry.isStopped)
    #expect(registry.current == nil)
  }

  @Test func `A transaction that the contract refuses, or that costs too much, is not sent`() async throws {
    let deployed = try await DeployedNetwork.deploy()
    defer { deployed.chain.end() }
    let wallet = deployed.network.stakers[0]
    await #expect(throws: SendingFailure.wouldRevert) { try await deployed.staking(wallet, "leave()") }
    let data = ContractFunction("stake()").selector.bytes
    let order = TransactionOrder(
      to: deployed.terms.staking, value: UInt256(500_000_000_000), data: data, maximumFee: UInt256(1))
    await #expect {
      try await deployed.sender.prepare(order, from: wallet.address)
    } throws: { error in
      guard case SendingFailure.tooExpensive(let fee) = error else { return false }
      return fee > UInt256(1)
    }
  }

  @Test func `A transaction is waited for until it is in an agreed block`() async throws {
    let deployed = try await DeployedNetwork.deploy()
    defer { deployed.chain.end() }
    let wallet = deployed.network.stakers[0]
    let order = TransactionOrder(
      to: deployed.terms.staking, value: UInt256(500_000_000_000), data: ContractFunction("stake()").selector.bytes,
      maximumFee: UInt256(1_000_000_000_000_000_000))
    let signed = try await deployed.sender.prepare(order, from: wallet.address).signed(by: wallet)
    try await deployed.sender.send(signed)
    await #expect(throws: SendingFailure.notMined) { try await deployed.sender.wait(for: signed.hash, atMost: .zero) }
    try await deployed.chain.mine()
    let receipt = try await deployed.sender.wait(for: signed.hash, atMost: .seconds(20))
    #expect(receipt.succeeded)
    #expect(receipt.gasUsed <= signed.transaction.gasLimit)
    // Sending it once more changes nothing.
    try await deployed.sender.send(signed)
  }
}
