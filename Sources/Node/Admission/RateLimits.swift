internal import Identifiers

/// The limits per wallet and for all wallets together: how many requests begin, and how many are worked on at a time.
struct RateLimits: Sendable {
  enum Verdict: Sendable, Hashable {
    case within
    case walletExceeded(retryAfter: Duration)
    case globalExceeded(retryAfter: Duration)
  }

  private var starts: FairShare<WalletAddress>
  private var pending: FairPlaces<WalletAddress>

  init(_ limits: NodeLimits, at now: Duration) {
    pending = FairPlaces(all: limits.pendingRequests, each: limits.pendingPerWallet)
    starts = FairShare(
      all: .init(burst: limits.globalBurst, perSecond: limits.globalPerSecond),
      each: .init(burst: limits.walletBurst, perSecond: limits.walletPerSecond), at: now)
  }

  var pendingCount: Int { pending.count }
  var walletCount: Int { starts.takerCount }

  /// Takes one request of `wallet` in, to be given back with `finish`.
  mutating func begin(_ wallet: WalletAddress, at now: Duration) -> Verdict {
    switch pending.take(for: wallet) {
    case .taken: break
    case .shareFull: return .walletExceeded(retryAfter: .seconds(1))
    case .allFull: return .globalExceeded(retryAfter: .seconds(1))
    }
    let turn = starts.take(for: wallet, at: now)
    if turn != .taken { pending.giveBack(for: wallet) }
    return switch turn {
    case .taken: .within
    case .shareUsed(let wait): .walletExceeded(retryAfter: wait)
    case .allUsed(let wait): .globalExceeded(retryAfter: wait)
    }
  }

  mutating func finish(_ wallet: WalletAddress) { pending.giveBack(for: wallet) }
}
