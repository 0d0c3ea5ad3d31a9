import Identifiers
import Testing

@Suite struct SystemClockTests {
  @Test func `monotonic time never goes back and a cancelled sleep ends`() async throws {
    let clock = SystemClock()
    let before = clock.monotonicNow()
    try await clock.sleep(for: .milliseconds(1))
    #expect(clock.monotonicNow() - before >= .milliseconds(1))
    let sleeper = Task { try await clock.sleep(for: .seconds(3_600)) }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }

  @Test func `wall time is after this was written`() throws {
    #expect(SystemClock().wall > (try Timestamp(text: "2025-01-01T00:00:00Z")))
  }
}
