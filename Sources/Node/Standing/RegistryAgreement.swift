internal import Identifiers
internal import Wire

/// Whether this node's view of the registry is one that enough members share; a state machine fed with what verified
/// peers say at handshake and keep-alive.
///
/// A peer's word is not a signed update. So one peer that names a higher number holds the node only for as long as a
/// reader needs to find a new update; more than `n − t` peers, one of whom must be honest, hold it until it has that
/// number. One peer with another history is noted; more than `n − t` of them stop the node for good.
struct RegistryAgreement: Sendable {
  struct View: Sendable, Hashable {
    let epoch: UInt64
    let position: RegistryPosition
  }

  /// What this node itself read.
  struct Own: Sendable {
    let epoch: UInt64
    let number: UInt64
    /// The digest after an update, nil beyond `number`.
    let digest: @Sendable (UInt64) -> Digest32?
  }

  enum Verdict: Sendable, Hashable {
    case agreed
    /// Fewer than `t` members, this one included, named this epoch and a registry number.
    case alone(known: Int, needed: Int)
    /// Members know a later update than this node has.
    case behind(number: UInt64)
    /// The registry has two histories. Final.
    case split(number: UInt64)
  }

  private struct Claim: Sendable {
    let view: View
    /// When the link ended; nil while it lives, since a keep-alive says when a position changes.
    var lostAt: Duration?
    /// Since when this peer has named numbers above the node's own.
    let aheadSince: Duration?
  }

  /// How long a peer's last word counts after its link ended.
  private let lifetime: Duration
  /// Within this time a reader finds every update that exists.
  private let readingPeriod: Duration
  private var claims: [NodeID: Claim] = [:]
  private var splitAt: UInt64?

  init(lifetime: Duration, readingPeriod: Duration) {
    self.lifetime = lifetime
    self.readingPeriod = readingPeriod
  }

  mutating func hear(_ view: View, from node: NodeID, own: Own?, at now: Duration) {
    var aheadSince: Duration?
    if let own, view.position.number > own.number { aheadSince = claims[node]?.aheadSince ?? now }
    claims[node] = Claim(view: view, aheadSince: aheadSince)
  }

  mutating func lost(_ node: NodeID, at now: Duration) {
    claims[node]?.lostAt = now
    claims = claims.filter { now - ($0.value.lostAt ?? now) <= lifetime }
  }

  mutating func verdict(own: Own, members: Set<NodeID>, threshold: Int, at now: Duration) -> Verdict {
    if let splitAt { return .split(number: splitAt) }
    let current = claims.filter { members.contains($0.key) && now - ($0.value.lostAt ?? now) <= lifetime }.values
    let tolerated = max(members.count - threshold, 0)

    let elsewhere = current.filter { !isOurs($0.view.position, own) }
    guard elsewhere.count <= tolerated else {
      splitAt = own.number
      return .split(number: own.number)
    }
    let ahead = current.filter { $0.view.position.number > own.number }
    let fresh = ahead.contains { now - ($0.aheadSince ?? now) < readingPeriod }
    if ahead.count > tolerated || fresh {
      return .behind(number: ahead.map(\.view.position.number).max() ?? own.number)
    }
    // A member that is behind counts: its next reading brings it here.
    let known = 1 + current.count { $0.view.epoch == own.epoch && isOurs($0.view.position, own) }
    return known >= threshold ? .agreed : .alone(known: known, needed: threshold)
  }

  /// Whether the position lies on this node's own history or beyond it.
  private func isOurs(_ position: RegistryPosition, _ own: Own) -> Bool {
    own.digest(position.number).map { $0 == position.digest } ?? true
  }
}
