/// Counts what a peer may still do: so many at once, refilled at a steady rate.
struct TokenBucket: Sendable {
  private let perSecond: Double
  private let capacity: Double
  private var tokens: Double
  private var last: Duration

  init(perSecond: Int, burst: Int, now: Duration) {
    self.perSecond = Double(perSecond)
    capacity = Double(burst)
    tokens = capacity
    last = now
  }

  /// - Returns: false when nothing is left.
  mutating func take(now: Duration) -> Bool {
    guard hasToken(now: now) else { return false }
    tokens -= 1
    return true
  }

  /// - Returns: whether the next ``take(now:)`` would succeed.
  mutating func hasToken(now: Duration) -> Bool {
    refill(now)
    return tokens >= 1
  }

  mutating func isFull(now: Duration) -> Bool {
    refill(now)
    return tokens >= capacity
  }

  private mutating func refill(_ now: Duration) {
    guard now > last else { return }
    tokens = min(capacity, tokens + (now - last).inSeconds * perSecond)
    last = now
  }
}
