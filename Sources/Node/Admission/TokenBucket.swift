/// A bucket that fills at a steady rate; each turn takes one token. On the monotonic clock.
package struct TokenBucket: Sendable {
  package let burst: Int
  package let perSecond: Int
  private var tokens: Double
  private var filledAt: Duration

  package init(burst: Int, perSecond: Int, at now: Duration) {
    self.burst = burst
    self.perSecond = perSecond
    tokens = Double(burst)
    filledAt = now
  }

  /// Nil if a token was taken, else how long until there is one.
  package mutating func take(at now: Duration) -> Duration? {
    fill(at: now)
    guard tokens < 1 else {
      tokens -= 1
      return nil
    }
    return .seconds((1 - tokens) / Double(max(perSecond, 1)))
  }

  package mutating func isFull(at now: Duration) -> Bool {
    fill(at: now)
    return tokens >= Double(burst)
  }

  private mutating func fill(at now: Duration) {
    let seconds = (now - filledAt) / .seconds(1)
    tokens = min(Double(burst), tokens + seconds * Double(perSecond))
    filledAt = now
  }
}
