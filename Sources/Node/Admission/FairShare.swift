/// So many turns at once, and then so many per second.
struct TurnRate: Sendable {
  var burst: Int
  var perSecond: Int
}

/// Turns for whatever costs everybody something: so many in all, and of them so many to each, on the monotonic clock.
///
/// Who has all turns again is forgotten, so never more are remembered than got one in the time a share takes to fill.
struct FairShare<Taker: Hashable & Sendable>: Sendable {
  enum Turn: Sendable, Hashable {
    case taken
    case shareUsed(retryAfter: Duration)
    case allUsed(retryAfter: Duration)

    /// Nil for a turn that was taken.
    var wait: Duration? {
      switch self {
      case .taken: nil
      case .shareUsed(let wait), .allUsed(let wait): wait
      }
    }
  }

  private let each: TurnRate
  private var all: TokenBucket
  private var shares: [Taker: TokenBucket] = [:]
  private var sweptAt: Duration

  init(all: TurnRate, each: TurnRate, at now: Duration) {
    self.each = each
    self.all = TokenBucket(burst: all.burst, perSecond: all.perSecond, at: now)
    sweptAt = now
  }

  var takerCount: Int { shares.count }

  mutating func take(for taker: Taker, at now: Duration) -> Turn {
    sweep(at: now)
    var share = shares[taker] ?? TokenBucket(burst: each.burst, perSecond: each.perSecond, at: now)
    if let wait = share.take(at: now) { return .shareUsed(retryAfter: wait) }
    if let wait = all.take(at: now) { return .allUsed(retryAfter: wait) }
    shares[taker] = share
    return .taken
  }

  private mutating func sweep(at now: Duration) {
    guard now - sweptAt >= .seconds(10) else { return }
    sweptAt = now
    for (taker, share) in shares {
      var share = share
      if share.isFull(at: now) { shares[taker] = nil }
    }
  }
}
