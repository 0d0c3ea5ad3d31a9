/// So many at once, and then so many per second.
struct Allowance: Sendable {
  private let burst: Double
  private let perSecond: Double
  private var left: Double
  private var filledAt: Duration

  init(burst: Int, perSecond: Int, at now: Duration) {
    self.burst = Double(burst)
    self.perSecond = Double(max(perSecond, 1))
    left = self.burst
    filledAt = now
  }

  /// - Returns: how long until there is one; nil when one was taken.
  mutating func take(at now: Duration) -> Duration? {
    fill(at: now)
    guard left < 1 else {
      left -= 1
      return nil
    }
    return .seconds((1 - left) / perSecond)
  }

  mutating func isFull(at now: Duration) -> Bool {
    fill(at: now)
    return left >= burst
  }

  private mutating func fill(at now: Duration) {
    left = min(burst, left + (now - filledAt) / .seconds(1) * perSecond)
    filledAt = now
  }
}
