internal import Identifiers

/// A bucket that fills at a steady rate; every request takes one token.
struct TokenBucket: Sendable {
  let burst: Int
  let perSecond: Int
  private var tokens: Double
  private var filledAt: Duration

  init(burst: Int, perSecond: Int, at now: Duration) {
    self.burst = burst
    self.perSecond = perSecond
    tokens = Double(burst)
    filledAt = now
  }

  /// Nil if a token was taken, else how long until there is one.
  mutating func take(at now: Duration) -> Duration? {
    fill(at: now)
    guard tokens < 1 else {
      tokens -= 1
      return nil
    }
    return .seconds((1 - tokens) / Double(max(perSecond, 1)))
  }

  mutating func isFull(at now: Duration) -> Bool {
    fill(at: now)
    return tokens >= Double(burst)
  }

  private mutating func fill(at now: Duration) {
    let seconds = (now - filledAt) / .seconds(1)
    tokens = min(Double(burst), tokens + seconds * Double(perSecond))
    filledAt = now
  }
}

/// The limits per wallet and for all wallets together, on the monotonic clock. Wallets whose bucket is full again are
/// forgotten, so there are never more of them than the global rate lets through in the time one bucket takes to fill.
struct RateLimits: Sendable {
  enum Verdict: Sendable, Hashable {
    case within
    case walletExceeded(retryAfter: Duration)
    case globalExceeded(retryAfter: Duration)
  }

  private let limits: NodeLimits
  private var global: TokenBucket
  private var wallets: [WalletAddress: TokenBucket] = [:]
  private var pending: [WalletAddress: Int] = [:]
  private var sweptAt: Duration

  init(_ limits: NodeLimits, at now: Duration) {
    self.limits = limits
    global = TokenBucket(burst: limits.globalBurst, perSecond: limits.globalPerSecond, at: now)
    sweptAt = now
  }

  var pendingCount: Int { pending.values.reduce(0, +) }
  var walletCount: Int { wallets.count }

  /// Takes one request of `wallet` in, to be given back with `finish`.
  mutating func begin(_ wallet: WalletAddress, at now: Duration) -> Verdict {
    sweep(at: now)
    guard pendingCount < limits.pendingRequests else { return .globalExceeded(retryAfter: .seconds(1)) }
    guard pending[wallet, default: 0] < limits.pendingPerWallet else {
      return .walletExceeded(retryAfter: .seconds(1))
    }
    var bucket =
      wallets[wallet] ?? TokenBucket(burst: limits.walletBurst, perSecond: limits.walletPerSecond, at: now)
    if let wait = bucket.take(at: now) { return .walletExceeded(retryAfter: wait) }
    if let wait = global.take(at: now) { return .globalExceeded(retryAfter: wait) }
    wallets[wallet] = bucket
    pending[wallet, default: 0] += 1
    return .within
  }

  mutating func finish(_ wallet: WalletAddress) {
    guard let count = pending[wallet] else { return }
    pending[wallet] = count > 1 ? count - 1 : nil
  }

  private mutating func sweep(at now: Duration) {
    guard now - sweptAt >= .seconds(10) else { return }
    sweptAt = now
    for (wallet, bucket) in wallets {
      var bucket = bucket
      if bucket.isFull(at: now) { wallets[wallet] = nil }
    }
  }
}
