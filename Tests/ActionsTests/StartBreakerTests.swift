@testable import Actions
import Testing

@Suite struct StartBreakerTests {
  @Test func `A few failures are nothing; more make longer and longer pauses, up to a minute`() {
    var breaker = StartBreaker()
    breaker.failed(at: .zero)
    breaker.failed(at: .zero)
    #expect(breaker.allows(at: .zero))
    var pauses: [Duration] = []
    for _ in 0..<9 {
      breaker.failed(at: .seconds(100))
      pauses.append(breaker.pause(at: .seconds(100)))
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    #expect(!breaker.allows(at: .seconds(159)))
    #expect(breaker.allows(at: .seconds(160)))
  }

  @Test func `One success is a fresh start`() {
    var breaker = StartBreaker()
    for _ in 0..<10 { breaker.failed(at: .zero) }
    breaker.succeeded()
    breaker.failed(at: .zero)
    #expect(breaker.allows(at: .zero))
    #expect(breaker.pause(at: .zero) == .zero)
  }
}
