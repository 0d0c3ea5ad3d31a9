import Identifiers
import Synchronization

/// How often one member may come with a new link.
///
/// Only links whose whole handshake succeeded are counted, so nobody but the member itself uses up its allowance. Who
/// has none left is turned away at its certificate, before anything is attested or signed for it.
final class LinkAllowance: Sendable {
  private let perSecond: Int
  private let burst: Int
  /// Of those who came lately; a member whose allowance is whole again is forgotten.
  private let buckets = Mutex<[NodeID: TokenBucket]>([:])

  init(perSecond: Int, burst: Int) {
    self.perSecond = perSecond
    self.burst = burst
  }

  func hasRoom(for node: NodeID, now: Duration) -> Bool {
    buckets.withLock { $0[node]?.hasToken(now: now) ?? (burst > 0) }
  }

  func count(_ node: NodeID, now: Duration) {
    buckets.withLock { buckets in
      for node in buckets.keys where buckets[node]?.isFull(now: now) == true { buckets[node] = nil }
      _ = buckets[node, default: TokenBucket(perSecond: perSecond, burst: burst, now: now)].take(now: now)
    }
  }
}
