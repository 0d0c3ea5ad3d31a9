internal import Identifiers

/// The limits per wallet and for all wallets together: how many requests begin, and how many are worked on at a time.
struct RateLimits: Sendable {
  enum Verdict: Sendable, Hashable {
    case within
    case walletExceeded(retryAfter: Duration)
    case globalExceeded(retryAfter: Duration)
  }

  private let limits: NodeLimits
  private var starts: FairShare<WalletAddress>
  private var pending: [WalletAddress: Int] = [:]

  init(_ limits: NodeLimits, at now: Duration) {
    self.limits = limits
    starts = FairShare(
      all: .init(burst: limits.globalBurst, perSecond: limits.globalPerSecond),
      each: .init(burst: limits.walletBurst, perSecond: limits.walletPerSecond), at: now)
  }

  var pendingCount: Int { pending.values.reduce(0, +) }
  var walletCount: Int { starts.takerCount }

  /// Takes one request of `wallet` in, to be given back with `finish`.
  mutating func begin(_ wallet: WalletAddress, at now: Duration) -> Verdict {
    guard pendingCount < limits.pendingRequests else { return .globalExceeded(retryAfter: .seconds(1)) }
    guard pending[wallet, default: 0] < limits.pendingPerWallet else {
      return .walletExceeded(retryAfter: .seconds(1))
    }
    switch starts.take(for: wallet, at: now) {
    case .taken: break
    case .shareUsed(let wait): return .walletExceeded(retryAfter: wait)
    case .allUsed(let wait): return .globalExceeded(retryAfter: wait)
    }
    pending[wallet, default: 0] += 1
    return .within
  }

  mutating func finish(_ wallet: WalletAddress) {
    guard let count = pending[wallet] else { return }
    pending[wallet] = count > 1 ? count - 1 : nil
  }
}
