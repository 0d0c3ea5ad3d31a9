import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent
import Testing

/// How contracts were made, which their code does not say.
@Suite(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct ContractCreationTests {
  private let fixture: DeploymentFixture
  private let founding: FoundingDocument
  private let deployment: Deployment
  private var chain: LoopbackChain { fixture.chain }

  init() throws {
    fixture = try DeploymentFixture()
    founding = try fixture.founding(nonce: 0)
    deployment = try #require(Deployment(founding, maximumFee: DeploymentFixture.fee))
  }

  private func order(_ data: [UInt8]) -> TransactionOrder {
    TransactionOrder(to: nil, data: data, maximumFee: DeploymentFixture.fee)
  }

  private func bigEndian(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 0xff), UInt8(number & 0xff)] }

  /// In `Staking`, how much stake of this wallet's may be withdrawn: the second word of its account, in the map of slot 10.
  private func leavingSlot(_ wallet: WalletAddress) -> Digest32 {
    let account = Digest32.keccak256(
      [UInt8](repeating: 0, count: 31) + [10] + [UInt8](repeating: 0, count: 12) + wallet.bytes)
    let next = UInt256(bigEndianBytes: account.bytes)?.adding(UInt256(1))
    return next.flatMap { try? Digest32(bytes: $0.bigEndianBytes) } ?? .zero
  }

  /// Makes both contracts so that every digest is right and the stranger may withdraw what others put in.
  ///
  /// A helper has the real constructor as its code. The creation runs it on its own storage, writes a word more, and gives
  /// back the code that the constructor gave.
  private func deployWithDebt(gwei: UInt64) async throws -> (staking: Digest32, keys: Digest32) {
    let constructor = try deployment.staking(fixture.contracts.staking.bytecode).data
    // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
    let plant = [0x61] + bigEndian(constructor.count) + [0x80, 0x60, 10, 0x5f, 0x39, 0x5f, 0xf3]
    try await fixture.send(order(plant + constructor), by: fixture.stranger)
    try await chain.mine()
    let helper = try #require(WalletAddress(contractCreatedBy: fixture.stranger.address, nonce: 0))
    // Four times PUSH0, PUSH20 helper, GAS, DELEGATECALL, POP
    let construct: [UInt8] = [0x5f, 0x5f, 0x5f, 0x5f, 0x73] + helper.bytes + [0x5a, 0xf4, 0x50]
    // PUSH32 amount, PUSH32 slot, SSTORE
    let write = [0x7f] + UInt256(gwei).bigEndianBytes + [0x7f] + leavingSlot(fixture.stranger.address).bytes + [0x55]
    // RETURNDATASIZE, PUSH0, PUSH0, RETURNDATACOPY, RETURNDATASIZE, PUSH0, RETURN
    let staking = try await fixture.send(order(construct + write + [0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xf3]))
    try await chain.mine()
    let keys = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine(4)
    return (staking, keys)
  }

  @Test func `O10 A creation that writes what no digest covers beside the right code is refused`() async throws {
    defer { chain.end() }
    let made = try await deployWithDebt(gwei: 1_000)
    let site = try fixture.site(founding)
    #expect(try await site.stage().stage == .complete)
    let terms = try fixture.terms(founding)
    await #expect(throws: VerificationFailure.creation(of: terms.staking, .otherContent)) {
      try await site.verify(try fixture.creations(founding, made.staking, made.keys), within: .zero)
    }
    // Naming the transaction that should have been sent does not help: it is in no block.
    let unsent = try await fixture.sign(deployment.staking(fixture.contracts.staking.bytecode), nonce: 0)
    await #expect(throws: VerificationFailure.creation(of: terms.staking, .notInABlock)) {
      try await site.verify(try fixture.creations(founding, unsent.hash, made.keys), within: .zero)
    }
  }

  /// The weakened double reads code, digests and parameters, and asks nobody how the contract was made.
  @Test func `O10 N With only its code and digests compared such a contract is taken, and its stakers are robbed`()
    async throws
  {
    defer { chain.end() }
    _ = try await deployWithDebt(gwei: 1_000)
    let registry = try ChainRegistry(founding: founding, fixture.list(), clock: LateClock())
    #expect(try await registry.begin(within: .seconds(5)).network == founding.network)
    #expect(try await registry.account(of: fixture.stranger.address).leaving == 1_000)
    let orders = StakingOrders(try fixture.terms(founding), maximumFee: DeploymentFixture.fee)
    try await fixture.send(orders.stake(gwei: 1_000), by: SampleChainNetwork().stakers[0])
    try await chain.mine()
    let theft = try await fixture.send(orders.withdraw(to: fixture.stranger.address), by: fixture.stranger)
    try await chain.mine(3)
    #expect(try await fixture.receipt(of: theft)?.succeeded == true)
  }

  @Test func `O10 Transactions that made something else, or nothing, made neither contract`() async throws {
    defer { chain.end() }
    let staking = try await fixture.send(deployment.staking(fixture.contracts.staking.bytecode))
    try await chain.mine()
    let keys = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    let copy = try await fixture.send(
      deployment.staking(fixture.contracts.staking.bytecode), by: fixture.stranger)
    let call = try await fixture.send(
      TransactionOrder(to: fixture.stranger.address, data: [1], maximumFee: DeploymentFixture.fee))
    try await chain.mine(3)
    let site = try fixture.site(founding)
    let terms = try fixture.terms(founding)
    #expect(try await site.verify(fixture.creations(founding, staking, keys), within: .zero).keys.nonce == 1)
    for (hash, mismatch) in [
      (copy, CreationMismatch.otherContract), (keys, .otherContract), (call, .notACreation), (.zero, .notInABlock),
    ] {
      await #expect(throws: VerificationFailure.creation(of: terms.staking, mismatch)) {
        try await site.verify(fixture.creations(founding, hash, keys), within: .zero)
      }
    }
    await #expect(throws: VerificationFailure.creation(of: terms.keys, .otherContract)) {
      try await site.verify(fixture.creations(founding, staking, staking), within: .zero)
    }
    // In a block that does not count yet.
    let late = try await fixture.send(deployment.keys(fixture.contracts.keys.bytecode))
    try await chain.mine(2)
    await #expect(throws: VerificationFailure.creation(of: terms.keys, .notInABlock)) {
      try await site.verify(fixture.creations(founding, staking, late), within: .zero)
    }
  }
}
