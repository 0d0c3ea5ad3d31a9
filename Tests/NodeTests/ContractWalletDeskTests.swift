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

  private func outcome(_ signature: ContractSignature) async -> Result<Bool, ContractWalletDesk.Trouble> {
    do throws(ContractWalletDesk.Trouble) { return .success(try await desk.finding(signature).isValid) } catch {
      return .failure(error)
    }
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

  @Test func `That nobody knows is neither a yes nor a no, and is not remembered`() async throws {
    let one = try signature([1])
    contracts.say(.undecided(.notObtainable))
    #expect(await outcome(one) == .failure(.undecided))
    contracts.say(nil)
    #expect(await outcome(one) == .failure(.block))
    contracts.say(.valid)
    #expect(await outcome(one) == .success(true))
  }

  @Test func `A12 strangers who make a node ask take nothing from users it knows`() async throws {
    let user = try signature([1])
    #expect(await outcome(user) == .success(true))
    contracts.say(.invalid)
    var refused = 0
    for junk in 0..<40 as Range<UInt8> {
      if case .failure(.busy) = await outcome(try signature([2, junk])) { refused += 1 }
    }
    #expect(refused > 0)
    #expect(contracts.asked < 40)
    contracts.say(.valid)
    #expect(await outcome(try signature([1], at: 2)) == .success(true))
    // Whose contract says no any longer is a stranger again.
    contracts.say(.invalid)
    #expect(await outcome(try signature([1], at: 3)) == .success(false))
    if case .failure(.busy) = await outcome(try signature([1], at: 4)) {} else { Issue.record("still known") }
  }

  @Test func `A12 only so many contracts are asked at a time, and the places come back`() async throws {
    contracts.stick(true)
    let limit = ContractWalletDesk.runningLimit
    let clock = clock
    let waiting = (0..<limit).map { place in
      Task {
        // One bucket's worth is let through at once.
        await outcome(try signature([3, UInt8(place)]))
      }
    }
    while contracts.asked < limit { try await Task.sleep(for: .milliseconds(2)) }
    clock.advance(by: .seconds(10))
    if case .failure(.busy) = await outcome(try signature([4])) {} else { Issue.record("one too many") }
    contracts.stick(false)
    for task in waiting { #expect(try await task.value == .success(true)) }
    #expect(await outcome(try signature([4])) == .success(true))
  }

  @Test func `What is remembered is bounded, and the oldest goes first`() {
    var memory = BoundedMemory<Int, Int>(limit: 8)
    for key in 0..<100 {
      memory.remember(key, for: key)
      memory.remember(-key, for: key)
      #expect(memory.count <= 8)
    }
    #expect((0..<100).filter { memory[$0] != nil } == Array(92..<100))
    #expect(memory[99] == -99)
  }
}
