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
    if now > last {
      tokens = min(capacity, tokens + (now - last).inSeconds * perSecond)
      last = now
    }
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
