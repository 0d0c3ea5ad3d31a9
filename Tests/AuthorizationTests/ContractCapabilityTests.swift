import Identifiers
import Membership
import Signatures
import Testing
import Wire

@testable import Authorization

/// Wallets that are contracts: what a node may conclude from what their contracts say.
@Suite struct ContractCapabilityTests {
  private static let chainID: UInt64 = 1

  /// A network on a chain, seen at a block.
  private static func setting(chainID: UInt64 = chainID) throws -> Setting {
    let terms = ChainRegistryTerms(
      chainID: chainID, staking: try WalletAddress(bytes: [UInt8](repeating: 0xc1, count: 20)),
      keys: try WalletAddress(bytes: [UInt8](repeating: 0xc2, count: 20)), stakingCode: .zero, keysCode: .zero,
      window: 3_600, notice: 60, unstakeDelay: 86_400, keyDeposit: "1000000000000000",
      finalityDepth: 2, headAgeSeconds: 30)
    var setting = try Setting(registry: .chain(terms))
    let position = ChainPosition(
      number: 40, digest: .zero, block: .init(number: 1_000, hash: .zero, moment: setting.now), after: nil)
    var view = ChainView(position: position, epoch: 1, minimumStake: 100)
    view.members = try setting.members()
    view.keyRecords = [setting.record.key: setting.record]
    setting.snapshot = try MembershipSnapshot(founding: setting.founding, view)
    return setting
  }

  /// The wallet's signature is one that no key made.
  private static func order(at number: UInt64 = 990, signature: [UInt8] = [1, 2, 3]) -> Order {
    var order = Order()
    order.capability = {
      try Capability(siwe: $0.siwe, signature: signature, block: BlockReference(number: number, hash: .zero))
    }
    return order
  }

  private static func refusal(
    _ order: Order, _ setting: Setting, finding: (ContractSignature) -> ContractFinding?
  ) throws -> Refusal.Reason? {
    let submission = try order.submission(setting)
    let signature = try #require(ContractSignature(submission.request.payload.capability))
    let authorizer = try setting.authorizer()
    do throws(Refusal) {
      _ = try authorizer.authorize(
        submission, finding: finding(signature), at: ClockReading(wall: setting.now, highest: setting.now),
        in: setting.snapshot, under: setting.rules)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func `step 3 A9 what the contract said of exactly this counts, and nothing else`() throws {
    let setting = try Self.setting()
    let order = Self.order()
    #expect(try Self.refusal(order, setting) { _ in nil } == .capability(.contractNotAsked))
    #expect(try Self.refusal(order, setting) { ContractFinding($0, isValid: true) } == nil)
    #expect(try Self.refusal(order, setting) { ContractFinding($0, isValid: false) } == .capability(.signature))
    for other in [Self.order(at: 991), Self.order(signature: [1, 2])] {
      let elsewhere = try #require(ContractSignature(other.capability(setting)))
      #expect(
        try Self.refusal(order, setting) { _ in ContractFinding(elsewhere, isValid: true) }
          == .capability(.contractNotAsked))
    }
    var renamed = Order()
    let (user, wallet) = (setting.user, setting.other)
    renamed.message = { $0.address = wallet.address }
    renamed.capability = order.capability
    let anothers = try #require(ContractSignature(renamed.capability(setting)))
    #expect(anothers.wallet == wallet.address && wallet.address != user.address)
    #expect(
      try Self.refusal(order, setting) { _ in ContractFinding(anothers, isValid: true) }
        == .capability(.contractNotAsked))
  }

  @Test func `step 3 A9 a key's signature is no contract's word, nor the other way round`() throws {
    let setting = try Self.setting()
    #expect(setting.refusal(Order()) == nil)
    // A signature of the very key, with a block: the contract is asked all the same.
    var order = Order()
    order.capability = {
      try Capability(siwe: $0.siwe, signature: $0.signature, block: BlockReference(number: 990, hash: .zero))
    }
    #expect(try Self.refusal(order, setting) { _ in nil } == .capability(.contractNotAsked))
    #expect(try Self.refusal(order, setting) { ContractFinding($0, isValid: false) } == .capability(.signature))
  }

  @Test func `step 3 everything else of a capability is judged before the contract is asked, and after it`() throws {
    let setting = try Self.setting()
    var order = Self.order()
    order.message = { $0.domain = "evil.example" }
    #expect(try Self.refusal(order, setting) { _ in nil } == .capability(.domain))
    order = Self.order()
    order.grants = [.sign(with: setting.otherRecord.key)]
    #expect(try Self.refusal(order, setting) { ContractFinding($0, isValid: true) } == .notPermitted)
    order = Self.order()
    order.expires = 0
    order.issued = -10
    #expect(try Self.refusal(order, setting) { ContractFinding($0, isValid: true) } == .expired)
  }

  @Test func `step 3 contracts are asked on the chain that the text names, at blocks that were read`() throws {
    let setting = try Self.setting()
    #expect(try Self.refusal(Self.order(at: 1_000), setting) { ContractFinding($0, isValid: true) } == nil)
    #expect(
      try Self.refusal(Self.order(at: 1_001), setting) { ContractFinding($0, isValid: true) }
        == .capability(.blockAhead))
    #expect(
      try Self.refusal(Self.order(), Self.setting(chainID: 5)) { ContractFinding($0, isValid: true) }
        == .capability(.noChain))
    #expect(
      try Self.refusal(Self.order(), Setting()) { ContractFinding($0, isValid: true) } == .capability(.noChain))
  }

  @Test func `step 2 A10 a request is judged by no earlier view than it wants`() throws {
    let setting = try Self.setting()
    for (number, reason) in [(39, nil), (40, nil), (41, .viewBehind)] as [(UInt64, Refusal.Reason?)] {
      #expect(setting.refusal(Order(registryNumber: number))?.reason == reason)
    }
    #expect(setting.refusal(Order(registryNumber: 41))?.code == .notReady)
    // What a later view may know otherwise is not compared; whether the session key wants this is.
    #expect(setting.refusal(Order(epoch: 2, registryNumber: 41))?.reason == .viewBehind)
    #expect(
      setting.refusal(Order(epoch: 2, deliveryKey: try Setting.key(0x62), registryNumber: 41))?.reason == .delivery)
    #expect(setting.refusal(Order(network: .zero, registryNumber: 41))?.reason == .network)
  }
}
