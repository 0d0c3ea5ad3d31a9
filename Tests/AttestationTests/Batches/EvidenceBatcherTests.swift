@testable import Attestation
import Identifiers
import ProtocolTestKit
import Synchronization
import Testing
import Transcripts

/// Counts what it is asked, and waits for a sign where a test wants it to.
private final class CountingProvider: EvidenceProvider {
  let base: any EvidenceProvider
  let asked = Mutex<[ReportData]>([])
  let fails = Mutex(false)
  let gate: AsyncStream<Void>?

  init(_ base: any EvidenceProvider, gate: AsyncStream<Void>? = nil) {
    self.base = base
    self.gate = gate
  }

  var kind: EvidenceKind { base.kind }

  func evidence(over reportData: ReportData) async throws -> Evidence {
    asked.withLock { $0.append(reportData) }
    if let gate { for await _ in gate { break } }
    if fails.withLock({ $0 }) { throw EvidenceProductionError.busy }
    return try await base.evidence(over: reportData)
  }
}

@Suite(.timeLimit(.minutes(1))) struct EvidenceBatcherTests {
  private static func request(_ number: Int) -> ReportData { ReportData(.live, [UInt64(number).bigEndianBytes]) }

  /// As many as are asked for at once, each answered.
  private static func answers(_ batcher: EvidenceBatcher, _ numbers: Range<Int>) async throws -> [Int: BatchedEvidence]
  {
    try await withThrowingTaskGroup(of: (Int, BatchedEvidence).self) { group in
      for number in numbers {
        group.addTask { (number, try await batcher.evidence(over: request(number))) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  @Test func `a request after a quiet time is answered at once and accepted`() async throws {
    let fixtures = try Fixtures()
    let provider = CountingProvider(fixtures.attester)
    let batcher = EvidenceBatcher(provider: provider, clock: ManualClock(wall: noon))
    let answer = try await batcher.evidence(over: Self.request(1))
    #expect(answer.proof.count == 1)
    let verified = try fixtures.policy.verify(answer, answering: Self.request(1), now: noon)
    #expect(verified.isDevelopment)
    #expect(
      failedChecks { try fixtures.policy.verify(answer, answering: Self.request(2), now: noon) } == [.reportData])
    #expect(
      failedChecks { try fixtures.policy.verify(answer.evidence, expecting: Self.request(1), now: noon) }
        == [.reportData])
  }

  @Test func `many requests of one interval are answered by one report, and each alone is accepted`() async throws {
    let fixtures = try Fixtures()
    let provider = CountingProvider(fixtures.attester)
    let clock = ManualClock(wall: noon)
    let batcher = EvidenceBatcher(provider: provider, clock: clock)
    _ = try await batcher.evidence(over: Self.request(0))
    async let answers = Self.answers(batcher, 1..<101)
    while await batcher.waitingCount < 100 || clock.sleeperCount == 0 { await Task.yield() }
    #expect(provider.asked.withLock(\.count) == 1)
    clock.advance(by: .milliseconds(999))
    for _ in 0..<10 { await Task.yield() }
    #expect(provider.asked.withLock(\.count) == 1)
    clock.advance(by: .milliseconds(1))
    let all = try await answers
    #expect(provider.asked.withLock(\.count) == 2)
    #expect(Set(all.values.map(\.evidence)).count == 1)
    #expect(Set(all.values.map(\.proof.index)) == Set(0..<100))
    for (number, answer) in all {
      _ = try fixtures.policy.verify(answer, answering: Self.request(number), now: noon)
    }
  }

  @Test func `who comes while a report is made waits for the next one`() async throws {
    let fixtures = try Fixtures()
    let (gate, sign) = AsyncStream<Void>.makeStream()
    let provider = CountingProvider(fixtures.attester, gate: gate)
    let clock = ManualClock(wall: noon)
    let batcher = EvidenceBatcher(provider: provider, clock: clock)
    async let first = batcher.evidence(over: Self.request(1))
    while provider.asked.withLock(\.isEmpty) { await Task.yield() }
    async let second = batcher.evidence(over: Self.request(2))
    while await batcher.waitingCount == 0 { await Task.yield() }
    sign.yield()
    #expect(try await first.proof.count == 1)
    while clock.sleeperCount == 0 { await Task.yield() }
    sign.yield()
    clock.advance(by: EvidenceBatcher.interval)
    let late = try await second
    #expect(late.proof.count == 1 && provider.asked.withLock(\.count) == 2)
    _ = try fixtures.policy.verify(late, answering: Self.request(2), now: noon)
  }

  @Test func `a provider that fails fails everybody who waits, and the next time counts again`() async throws {
    let provider = CountingProvider(try Fixtures().attester)
    let clock = ManualClock(wall: noon)
    let batcher = EvidenceBatcher(provider: provider, clock: clock)
    provider.fails.withLock { $0 = true }
    await #expect(throws: EvidenceProductionError.busy) { try await batcher.evidence(over: Self.request(1)) }
    provider.fails.withLock { $0 = false }
    clock.advance(by: EvidenceBatcher.interval)
    #expect(try await batcher.evidence(over: Self.request(1)).proof.count == 1)
  }

  @Test func `no more wait than a batch has room for`() async throws {
    let fixtures = try Fixtures()
    let clock = ManualClock(wall: noon)
    let batcher = EvidenceBatcher(provider: fixtures.attester, clock: clock)
    _ = try await batcher.evidence(over: Self.request(0))
    async let answers = Self.answers(batcher, 0..<EvidenceBatch.maximumCount)
    while await batcher.waitingCount < EvidenceBatch.maximumCount || clock.sleeperCount == 0 { await Task.yield() }
    await #expect(throws: EvidenceBatchError.count) { try await batcher.evidence(over: Self.request(1)) }
    clock.advance(by: EvidenceBatcher.interval)
    #expect(try await answers.count == EvidenceBatch.maximumCount)
  }
}
