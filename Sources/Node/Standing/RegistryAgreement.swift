internal import Identifiers
internal import Wire

/// Whether this node's view of the registry is one that enough members share; a state machine fed with what verified
/// peers say at handshake and keep-alive.
///
/// A peer's word is not a signed update. So one peer that names a higher number holds the node only for as long as a
/// reader needs to find a new update, and not again before the node has come to that number; more than `n − t` peers, one of whom must be honest, hold it until it has that
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
    var ahead: Ahead?
  }

  /// The number above the node's own that a peer named first, of those the node has not come to since. It outlives
  /// lower numbers named later: who takes its word back and gives it again holds the node no longer for it.
  private struct Ahead: Sendable {
    let number: UInt64
    let since: Duration
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
    claims[node] = Claim(view: view, ahead: claims[node]?.ahead)
    if let own { noteAhead(node, own, at: now) }
  }

  mutating func lost(_ node: NodeID, at now: Duration) {
    claims[node]?.lostAt = now
    claims = claims.filter { now - ($0.value.lostAt ?? now) <= lifetime }
  }

  mutating func verdict(own: Own, members: Set<NodeID>, threshold: Int, at now: Duration) -> Verdict {
    if let splitAt { return .split(number: splitAt) }
    for node in members { noteAhead(node, own, at: now) }
    let current = claims.filter { members.contains($0.key) && now - ($0.value.lostAt ?? now) <= lifetime }.values
    let tolerated = max(members.count - threshold, 0)

    let elsewhere = current.filter { !isOurs($0.view.position, own) }
    guard elsewhere.count <= tolerated else {
      splitAt = own.number
      return .split(number: own.number)
    }
    let ahead = current.filter { $0.view.position.number > own.number }
    let fresh = ahead.contains { now - ($0.ahead?.since ?? now) < readingPeriod }
    if ahead.count > tolerated || fresh {
      return .behind(number: ahead.map(\.view.position.number).max() ?? own.number)
    }
    // A member that is behind counts: its next reading brings it here.
    let known = 1 + current.count { $0.view.epoch == own.epoch && isOurs($0.view.position, own) }
    return known >= threshold ? .agreed : .alone(known: known, needed: threshold)
  }

  private mutating func noteAhead(_ node: NodeID, _ own: Own, at now: Duration) {
    guard var claim = claims[node] else { return }
    if let ahead = claim.ahead, ahead.number <= own.number { claim.ahead = nil }
    let number = claim.view.position.number
    if claim.ahead == nil, number > own.number { claim.ahead = Ahead(number: number, since: now) }
    claims[node] = claim
  }

  /// Whether the position lies on this node's own history or beyond it.
  private func isOurs(_ position: RegistryPosition, _ own: Own) -> Bool {
    own.digest(position.number).map { $0 == position.digest } ?? true
  }
}
