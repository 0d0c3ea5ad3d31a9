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

  init() {
    desk = ContractWalletDesk(
      { [contracts] _ in await contracts.ask() }, clock: clock,
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
    _ signature: ContractSignature, from origin: UInt8 = 1
  ) async -> Result<Bool, ContractWalletDesk.Trouble> {
    do throws(ContractWalletDesk.Trouble) {
      let deadline = clock.monotonicNow() + .seconds(1)
      return .success(try await desk.finding(signature, from: RequestOrigin([origin]), until: deadline).isValid)
    } catch {
      return .failure(error)
    }
  }

  private func isBusy(_ signature: ContractSignature, from origin: UInt8 = 1) async -> Bool {
    if case .failure(.busy) = await outcome(signature, from: origin) { true } else { false }
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

  /// What a user the node knows gets after many others made it ask.
  private func afterFlood(from origins: Range<UInt8>) async throws -> (flood: Int, user: Bool, isBusy: Bool) {
    let user = try signature([1])
    #expect(await outcome(user, from: 200) == .success(true))
    contracts.say(.invalid)
    var refused = 0
    for origin in origins {
      for junk in 0..<20 as Range<UInt8> {
        if await isBusy(try signature([2, origin, junk]), from: origin) { refused += 1 }
      }
    }
    contracts.say(.valid)
    let next = await outcome(try signature([1], at: 2), from: 200)
    return (refused, next == .success(true), await isBusy(try signature([3]), from: 201))
  }

  @Test func `A12 one sender who makes a node ask leaves turns to users it knows, and to others`() async throws {
    let (refused, user, others) = try await afterFlood(from: 1..<2)
    #expect(refused == 16)
    #expect(user)
    #expect(!others)
  }

  @Test func `A12 many senders who make a node ask take nothing from users it knows`() async throws {
    let (refused, user, others) = try await afterFlood(from: 1..<20)
    #expect(refused > 300)
    #expect(user)
    #expect(others)
  }

  /// The weakened double has one measure for everybody.
  @Test func `A12 N where everybody takes of one measure a single sender shuts users out`() async throws {
    var share = FairShare<Int>(
      all: .init(burst: 16, perSecond: 8), each: .init(burst: 1_000, perSecond: 1_000), at: clock.monotonicNow())
    for _ in 0..<20 { _ = share.take(for: 1, at: clock.monotonicNow()) }
    #expect(share.take(for: 2, at: clock.monotonicNow()) != .taken)
  }

  @Test func `A12 a capability whose contract says yes to everything has only its own part`() async throws {
    #expect(await outcome(try signature([1])) == .success(true))
    #expect(await outcome(try signature([2])) == .success(true))
    var refused = 0
    for block in 10..<30 as Range<UInt64> {
      if await isBusy(try signature([1], at: block)) { refused += 1 }
    }
    #expect(refused == 16)
    #expect(await outcome(try signature([2], at: 10)) == .success(true))
    // Whose contract says no any longer is a stranger again.
    contracts.say(.invalid)
    #expect(await outcome(try signature([2], at: 11)) == .success(false))
    contracts.say(.valid)
    clock.advance(by: .seconds(60))
    let asked = contracts.asked
    for block in 20..<30 as Range<UInt64> { _ = await outcome(try signature([2], at: block)) }
    #expect(contracts.asked - asked < 10)
  }

  @Test(.timeLimit(.minutes(1)))
  func `A12 only so many contracts are asked at a time, and the places come back`() async throws {
    contracts.stick(true)
    let limit = ContractWalletDesk.runningLimit
    let waiting = (0..<limit).map { place in
      Task { await outcome(try signature([3, UInt8(place)]), from: UInt8(place)) }
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
