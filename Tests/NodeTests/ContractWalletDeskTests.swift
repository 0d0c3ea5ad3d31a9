import Authorization
import EthereumRPC
import Identifiers
import Metrics
import ProtocolTestKit
import Synchronization
import Testing
import Transcripts
import Wire

@testable import Node

@Suite struct `The desk for contract wallets` {
  private let clock = ManualClock(wall: Timestamp(secondsSince1970: 1_800_000_000))

  /// The contracts of all wallets: what they say, and how often they were asked.
  private final class Contracts: Sendable {
    private let state = Mutex((asked: 0, verdict: ContractWalletVerdict?.some(.valid), isStuck: false))

    var asked: Int { state.withLock(\.asked) }
    func say(_ verdict: ContractWalletVerdict?) { state.withLock { $0.verdict = verdict } }
    func stick(_ isStuck: Bool) { state.withLock { $0.isStuck = isStuck } }

    func ask() async -> ContractWalletVerdict? {
      state.withLock { $0.asked += 1 }
      while state.withLock(\.isStuck) { try? await Task.sleep(for: .milliseconds(2)) }
      return state.withLock(\.verdict)
    }
  }

  private let contracts = Contracts()
  private let desk: ContractWalletDesk

  init() { desk = Self.desk(contracts, .standard, clock) }

  private static func desk(
    _ contracts: Contracts, _ rates: ContractWalletLane.Rates, _ clock: ManualClock
  ) -> ContractWalletDesk {
    ContractWalletDesk(
      { _ in await contracts.ask() }, rates: rates, clock: clock,
      metrics: NodeMetrics(factory: NOOPMetricsHandler.instance))
  }

  private static let text = """
    quorate.example wants you to sign in with your Ethereum account:
    0x0000000000000000000000000000000000000000


    URI: quorate://x
    Version: 1
    Chain ID: 1
    Nonce: nonce123
    Issued At: 2026-03-04T12:00:00Z
    """

  private func signature(_ signature: [UInt8], at block: UInt64 = 1) throws -> ContractSignature {
    let capability = try Capability(
      siwe: Self.text, signature: signature, block: BlockReference(number: block, hash: .sha256(of: [UInt8(block)])))
    return try #require(ContractSignature(capability))
  }

  /// Time stands still but where a test moves it, so a question takes none.
  private func outcome(
    _ signature: ContractSignature, from origin: UInt8 = 1, at other: ContractWalletDesk? = nil
  ) async -> Result<Bool, ContractWalletDesk.Trouble> {
    do throws(ContractWalletDesk.Trouble) {
      let deadline = clock.monotonicNow() + .seconds(1)
      return .success(
        try await (other ?? desk).finding(signature, from: RequestOrigin([origin]), until: deadline).isValid)
    } catch {
      return .failure(error)
    }
  }

  private func isBusy(
    _ signature: ContractSignature, from origin: UInt8 = 1, at other: ContractWalletDesk? = nil
  ) async -> Bool {
    if case .failure(.busy) = await outcome(signature, from: origin, at: other) { true } else { false }
  }

  @Test func `A contract is asked once about a signature at a block, and again after a while`() async throws {
    let one = try signature([1])
    #expect(await outcome(one) == .success(true))
    contracts.say(.invalid)
    #expect(await outcome(one) == .success(true))
    #expect(contracts.asked == 1)
    // Another block, another signature: other questions.
    #expect(await outcome(try signature([1], at: 2)) == .success(false))
    #expect(await outcome(try signature([2])) == .success(false))
    #expect(contracts.asked == 3)
    clock.advance(by: ContractWalletDesk.memory)
    #expect(await outcome(one) == .success(false))
    #expect(contracts.asked == 4)
  }

  @Test func `Who asks the same at the same time gets the same answer from one question`() async throws {
    let one = try signature([1])
    contracts.stick(true)
    let outcomes = await withTaskGroup(of: Result<Bool, ContractWalletDesk.Trouble>.self) { group in
      for _ in 0..<8 { group.addTask { await outcome(one) } }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(50))
        contracts.stick(false)
        return await outcome(one)
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0 == .success(true) })
    #expect(contracts.asked == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `Who waits no longer leaves the question running, and finds its answer later`() async throws {
    let one = try signature([1])
    contracts.stick(true)
    let waiting = Task { await outcome(one) }
    while contracts.asked == 0 || clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
    clock.advance(by: .seconds(1))
    #expect(await waiting.value == .failure(.undecided))
    contracts.stick(false)
    while await outcome(one) != .success(true) { try await Task.sleep(for: .milliseconds(2)) }
    #expect(contracts.asked == 1)
  }

  @Test func `That nobody knows is neither a yes nor a no, and not remembered for long`() async throws {
    let one = try signature([1])
    contracts.say(.undecided(.notObtainable))
    #expect(await outcome(one) == .failure(.undecided))
    contracts.say(nil)
    #expect(await outcome(one) == .failure(.undecided))
    clock.advance(by: ContractWalletDesk.doubt)
    #expect(await outcome(one) == .failure(.block))
    contracts.say(.valid)
    clock.advance(by: ContractWalletDesk.doubt)
    #expect(await outcome(one) == .success(true))
    #expect(contracts.asked == 3)
  }

  /// What others get after senders made a node ask: who is known to it, and who is not.
  private func afterFlood(
    from origins: Range<UInt8>, at desk: ContractWalletDesk? = nil
  ) async throws -> (refused: Int, user: Bool, stranger: Bool) {
    #expect(await outcome(try signature([1]), from: 200, at: desk) == .success(true))
    contracts.say(.invalid)
    var refused = 0
    for origin in origins {
      for junk in 0..<20 as Range<UInt8> {
        if await isBusy(try signature([2, origin, junk]), from: origin, at: desk) { refused += 1 }
      }
    }
    contracts.say(.valid)
    let user = await outcome(try signature([1], at: 2), from: 200, at: desk)
    let stranger = await outcome(try signature([3]), from: 201, at: desk)
    return (refused, user == .success(true), stranger == .success(true))
  }

  @Test func `A12 one sender who makes a node ask leaves turns to users it knows, and to others`() async throws {
    let (refused, user, stranger) = try await afterFlood(from: 1..<2)
    #expect(refused == 16)
    #expect(user && stranger)
  }

  @Test func `A12 many senders of false signatures take nothing from users a node knows`() async throws {
    let (refused, user, stranger) = try await afterFlood(from: 1..<20)
    #expect(refused > 300)
    #expect(user && !stranger)
  }

  @Test func `A12 N where nobody has only a part a single sender shuts the others out`() async throws {
    var rates = ContractWalletLane.Rates.standard
    rates.ofStrangersSender = rates.strangers
    let (refused, _, stranger) = try await afterFlood(from: 1..<2, at: Self.desk(contracts, rates, clock))
    #expect(refused > 0)
    #expect(!stranger)
  }

  @Test func `A12 a wallet whose contract takes every signature has only its own part`() async throws {
    #expect(await outcome(try signature([1])) == .success(true))
    clock.advance(by: .seconds(60))
    var served = 0
    for block in 10..<40 as Range<UInt64> {
      if await outcome(try signature([1], at: block), from: UInt8(block)) == .success(true) { served += 1 }
    }
    #expect(served == ContractWalletLane.Rates.standard.ofWallet.burst)
  }

  @Test func `A12 whose contract says no any longer is a stranger again`() async throws {
    let rates = ContractWalletLane.Rates.standard
    #expect(await outcome(try signature([1])) == .success(true))
    contracts.say(.undecided(.notObtainable))
    clock.advance(by: .seconds(60))
    func asked() async throws -> Int {
      let before = contracts.asked
      for block in 10..<40 as Range<UInt64> { _ = await outcome(try signature([1], at: block)) }
      return contracts.asked - before
    }
    #expect(try await asked() == rates.ofWallet.burst)
    clock.advance(by: .seconds(60))
    contracts.say(.invalid)
    #expect(await outcome(try signature([1], at: 2)) == .success(false))
    clock.advance(by: .seconds(60))
    #expect(try await asked() == rates.ofStrangersSender.burst)
  }

  @Test(.timeLimit(.minutes(1)))
  func `A12 who names a question that runs already takes no more places than a sender has`() async throws {
    contracts.stick(true)
    let one = try signature([1])
    let waiting = (0..<ContractWalletLane.waitingPerSender).map { _ in Task { await outcome(one, from: 1) } }
    while clock.sleeperCount < waiting.count { try await Task.sleep(for: .milliseconds(2)) }
    #expect(await isBusy(one, from: 1))
    let other = Task { await outcome(one, from: 2) }
    while clock.sleeperCount < waiting.count + 1 { try await Task.sleep(for: .milliseconds(2)) }
    contracts.stick(false)
    for task in waiting + [other] { #expect(await task.value == .success(true)) }
    #expect(await outcome(one, from: 1) == .success(true))
  }

  @Test(.timeLimit(.minutes(1)))
  func `A12 only so many contracts are asked at a time, and the places come back`() async throws {
    contracts.stick(true)
    let limit = ContractWalletLane.runningLimit
    let waiting = (0..<limit).map { place in
      Task {
        await outcome(try signature([3, UInt8(place)]), from: UInt8(place / ContractWalletLane.runningPerSender))
      }
    }
    while contracts.asked < limit { try await Task.sleep(for: .milliseconds(2)) }
    // Turns come back, places do not.
    clock.advance(by: .milliseconds(900))
    #expect(await isBusy(try signature([4]), from: 100))
    contracts.stick(false)
    for task in waiting { #expect(try await task.value == .success(true)) }
    #expect(await outcome(try signature([4]), from: 100) == .success(true))
  }

  @Test func `What is remembered is bounded, and the oldest goes first`() {
    var memory = BoundedMemory<Int, Int>(limit: 8)
    for key in 0..<100 {
      memory.remember(key, for: key)
      memory.remember(-key, for: key)
      // One is used all the time.
      memory.remember(0, for: 0)
      #expect(memory.count <= 8)
    }
    #expect((0..<100).filter { memory[$0] != nil } == [0] + Array(93..<100))
    #expect(memory[99] == -99)
    memory.forget(99)
    #expect(memory[99] == nil && memory[98] == -98)
  }

  @Test func `A share that is full again is forgotten, and everybody has some`() {
    var share = FairShare<Int>(all: .init(burst: 100, perSecond: 100), each: .init(burst: 2, perSecond: 1), at: .zero)
    for taker in 0..<50 {
      #expect(share.take(for: taker, at: .zero) == .taken)
      #expect(share.take(for: taker, at: .zero) == .taken)
      #expect(share.take(for: taker, at: .zero).wait != nil)
    }
    #expect(share.take(for: 50, at: .zero).wait != nil)
    #expect(share.takerCount <= 50)
    #expect(share.take(for: 50, at: .seconds(20)) == .taken)
    #expect(share.takerCount == 1)
  }
}
