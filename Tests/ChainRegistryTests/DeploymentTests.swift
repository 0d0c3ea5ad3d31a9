import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent
import Synchronization
import Testing

/// What is known before the contracts are on a chain.
struct DeploymentAddressTests {
  @Test func `The contracts' addresses are those of the deployer's two next transactions`() throws {
    let deployer = try WalletAddress(text: "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    // The nonces 0 … 2 of this sender are a well-known example of CREATE.
    let first = try #require(Deployment.addresses(deployer: deployer, nonce: 0))
    #expect(first.staking.text == "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d")
    #expect(first.keys.text == "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8")
    let second = try #require(Deployment.addresses(deployer: deployer, nonce: 1))
    #expect(second.staking == first.keys && second.keys.text == "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91")
    #expect(Deployment.addresses(deployer: deployer, nonce: .max) == nil)
  }
}

/// Contracts that come onto a loopback chain one after the other, which mines when it is told to.
@Suite(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct DeploymentSiteTests {
  private let fixture: DeploymentFixture
  private var chain: LoopbackChain { fixture.chain }
  private var deployer: EthereumSigningKey { fixture.deployer }
  private var stranger: EthereumSigningKey { fixture.stranger }

  init() throws { fixture = try DeploymentFixture() }

  @Test func `What is missing is known at every stage, and the contracts are verified at a block that counts`()
    async throws
  {
    defer { chain.end() }
    let founding = try fixture.founding(nonce: 0)
    let deployment = try #require(Deployment(founding, maximumFee: DeploymentFixture.fee))
    let site = try fixture.site(founding)
    #expect(try await site.stage().stage == .nothing)
    #expect(try await site.nonce(after: .nothing, of: deployer.address) == 0)

    let stakingHash = try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    await #expect(throws: DeploymentFailure.transactionsWait) {
      try await site.nonce(after: .nothing, of: deployer.address)
    }
    await #expect(throws: DeploymentFailure.transactionsWait) {
      try await site.settle(deployer.address, within: .zero)
    }
    try await chain.mine()
    try await site.settle(deployer.address, within: .zero)
    #expect(try await site.stage().stage == .stakingAlone)
    #expect(try await site.nonce(after: .stakingAlone, of: deployer.address) == 1)

    let keysHash = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine()
    let (stage, block) = try await site.stage()
    #expect(stage == .complete && block == 2)
    let creations = try fixture.creations(founding, stakingHash, keysHash)
    await #expect(throws: VerificationFailure.chain(.behind(number: 0, known: 2))) {
      try await site.verify(creations, from: block, within: .zero)
    }
    try await chain.mine(2)
    let verified = try await site.verify(creations, from: block, within: .zero)
    #expect(verified.block.number == 2)
    #expect(verified.staking.transaction == stakingHash && verified.keys.transaction == keysHash)
    #expect(verified.staking.deployer == deployer.address && verified.keys.deployer == deployer.address)
    #expect(verified.staking.nonce == 0 && verified.keys.nonce == 1)
    #expect(verified.staking.block == 1 && verified.keys.block == 2)
    await #expect(throws: DeploymentFailure.chain(.behind(number: 4, known: 5))) {
      try await site.stage(from: 5, within: .zero)
    }
  }

  @Test func `O10 With another nonce, or another deployer, nothing is to be sent: the contracts would land elsewhere`()
    async throws
  {
    defer { chain.end() }
    let (early, late) = (try fixture.site(fixture.founding(nonce: 0)), try fixture.site(fixture.founding(nonce: 1)))
    await #expect(throws: DeploymentFailure.otherNonce(next: 0, needed: 1)) {
      try await late.nonce(after: .nothing, of: deployer.address)
    }
    await #expect(throws: DeploymentFailure.otherDeployer) {
      try await early.nonce(after: .nothing, of: stranger.address)
    }
    try await fixture.send(TransactionOrder(to: stranger.address, value: UInt256(1), maximumFee: DeploymentFixture.fee))
    try await chain.mine()
    await #expect(throws: DeploymentFailure.otherNonce(next: 1, needed: 0)) {
      try await early.nonce(after: .nothing, of: deployer.address)
    }
    // Nor did the contract use it since somebody looked.
    await #expect(throws: DeploymentFailure.otherNonce(next: 1, needed: 0)) {
      _ = try await early.next(for: deployer.address, after: (.nothing, 0))
    }
    #expect(try await late.nonce(after: .nothing, of: deployer.address) == 1)
  }

  /// The weakened double sends without looking at the nonce.
  @Test func `O10 N Sent with whatever nonce comes next, a contract takes the other's place`() async throws {
    defer { chain.end() }
    let founding = try fixture.founding(nonce: 0)
    try await fixture.send(TransactionOrder(to: stranger.address, value: UInt256(1), maximumFee: DeploymentFixture.fee))
    try await chain.mine()
    let deployment = try #require(Deployment(founding, maximumFee: DeploymentFixture.fee))
    try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    try await chain.mine()
    let terms = try fixture.terms(founding)
    await #expect(throws: DeploymentFailure.occupied(terms.keys)) { try await fixture.site(founding).stage() }
  }

  @Test func `O10 Other code, or the contracts of another founding document, at the addresses are found out`()
    async throws
  {
    defer { chain.end() }
    let (ours, theirs) = (try fixture.founding(nonce: 0), try fixture.founding(nonce: 0, name: "other"))
    let deployment = try #require(Deployment(theirs, maximumFee: DeploymentFixture.fee))
    let stakingHash = try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    try await chain.mine()
    // Nothing more is sent beside it.
    await #expect(throws: DeploymentFailure.chain(.notARegistry("network"))) { try await fixture.site(ours).stage() }
    let keysHash = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine(3)
    #expect(try await fixture.site(ours).stage().stage == .complete)
    let creations = try fixture.creations(theirs, stakingHash, keysHash)
    await #expect(throws: VerificationFailure.chain(.notARegistry("network"))) {
      try await fixture.site(ours).verify(creations, from: 2, within: .zero)
    }
    #expect(try await fixture.site(theirs).verify(creations, from: 2, within: .zero).block.number >= 2)
    // Where this one's Staking belongs lies the other's Keys.
    let shifted = try fixture.founding(nonce: 1)
    let terms = try fixture.terms(shifted)
    await #expect(throws: DeploymentFailure.occupied(terms.staking)) { try await fixture.site(shifted).stage() }
  }

  @Test func `O10 The right network with other terms than its founding document's is found out`() async throws {
    defer { chain.end() }
    let founding = try fixture.founding(nonce: 0)
    let terms = try fixture.terms(founding)
    // As the deployer wishes: nobody has to wait for stake that leaves.
    let arguments = try ABIValue.encode(
      [
        .bytes(founding.bytes), .array(founding.stakers.map { .address($0.address) }),
        .uint(UInt64(founding.minimumMembers)), .uint(founding.minimumStake), .uint(1), .uint(terms.notice), .uint(2),
      ],
      as: [
        .bytes(limit: 1 << 14), .array(.address, limit: 64), .uint256, .uint256, .uint256, .uint256, .uint256,
      ])
    let stakingHash = try await fixture.send(
      TransactionOrder(
        to: nil, data: fixture.contracts.staking.bytecode + arguments, maximumFee: DeploymentFixture.fee))
    try await chain.mine()
    let deployment = try #require(Deployment(founding, maximumFee: DeploymentFixture.fee))
    let keysHash = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine(3)
    #expect(try await fixture.site(founding).stage().stage == .complete)
    let creations = try fixture.creations(founding, stakingHash, keysHash)
    await #expect(throws: VerificationFailure.chain(.notARegistry("parameters"))) {
      try await fixture.site(founding).verify(creations, from: 2, within: .zero)
    }
  }

  /// The weakened double compares the code alone.
  @Test func `O10 N By their code alone the contracts of another founding document are taken`() async throws {
    defer { chain.end() }
    let (ours, theirs) = (try fixture.founding(nonce: 0), try fixture.founding(nonce: 0, name: "other"))
    let deployment = try #require(Deployment(theirs, maximumFee: DeploymentFixture.fee))
    try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    try await chain.mine()
    try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine()
    #expect(try await fixture.site(ours).stage().stage == .complete)
  }

  @Test func `A nonce that the contract itself has used since it was looked for is no other's`() async throws {
    defer { chain.end() }
    let founding = try fixture.founding(nonce: 0)
    let deployment = try #require(Deployment(founding, maximumFee: DeploymentFixture.fee))
    let site = try fixture.site(founding)
    let before = try await site.stage()
    try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    // The same nonces may be sent once more while they wait.
    await #expect(throws: DeploymentFailure.transactionsWait) {
      _ = try await site.next(for: deployer.address, after: before)
    }
    let resent = try await site.next(for: deployer.address, after: before, resending: true)
    #expect(resent.stage == .nothing && resent.nonce == 0)
    try await chain.mine()
    let keys = try await site.next(for: deployer.address, after: before)
    #expect(keys.stage == .stakingAlone && keys.nonce == 1 && keys.block == 1)
    try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine()
    let done = try await site.next(for: deployer.address, after: before)
    #expect(done.stage == .complete && done.nonce == nil && done.block == 2)
  }
}

/// How long is waited until contracts count.
@Suite(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct DeploymentPatienceTests {
  private let fixture: DeploymentFixture
  private let founding: FoundingDocument

  init() throws {
    fixture = try DeploymentFixture()
    founding = try fixture.founding(nonce: 0)
  }

  private func deploy() async throws -> DeploymentCreations {
    let deployment = try #require(Deployment(founding, maximumFee: DeploymentFixture.fee))
    let staking = try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    try await fixture.chain.mine()
    let keys = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await fixture.chain.mine()
    return try fixture.creations(founding, staking, keys)
  }

  @Test func `A chain that goes on is waited for as long as its blocks may take`() async throws {
    defer { fixture.chain.end() }
    let creations = try await deploy()
    let clock = LeapingClock()
    let patience = DeploymentSite.troublePatience + .seconds(20)
    await #expect(throws: VerificationFailure.chain(.behind(number: 0, known: 2))) {
      try await fixture.site(founding, clock: clock).verify(creations, from: 2, within: patience)
    }
    #expect(clock.leaps == 80)
  }

  @Test func `A chain that stands still is not waited for so long`() async throws {
    defer { fixture.chain.end() }
    let creations = try await deploy()
    let clock = LeapingClock(jump: 3_600)
    await #expect {
      _ = try await fixture.site(founding, clock: clock).verify(creations, from: 2, within: .seconds(86_400))
    } throws: {
      guard case .chain(.standsStill)? = $0 as? VerificationFailure else { return false }
      return true
    }
    #expect(clock.leaps == 60)
  }
}

/// A clock on which nothing takes time but waits of a second and more, which are over at once.
private final class LeapingClock: LocalClock {
  private let late = LateClock()
  private let count = Mutex(0)
  private let jump: Int64

  /// - Parameter jump: by how many seconds the wall's time is ahead from the first of these waits on.
  init(jump: Int64 = 0) { self.jump = jump }

  var leaps: Int { count.withLock { $0 } }
  var wall: Timestamp { late.wall.adding(seconds: leaps > 0 ? jump : 0) }
  func monotonicNow() -> Duration { .seconds(leaps) }

  func sleep(for duration: Duration) async throws {
    guard duration == .seconds(1) else { return try await late.sleep(for: duration) }
    count.withLock { $0 += 1 }
  }
}
