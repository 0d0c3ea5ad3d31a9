internal import Identifiers
internal import Wire

/// Whether this node's view of the registry is one that enough members share; a state machine fed with what verified
/// peers say at handshake and keep-alive.
///
/// A peer's word is not a signed update. So one peer that names a higher number makes the node read its registry again
/// before it goes on; more than `n − t` peers, one of whom must be honest, hold it until it has that number. One peer with
/// another digest is noted; more than `n − t` of them stop the node for good, because two histories exist.
struct RegistryAgreement: Sendable {
  struct View: Sendable, Hashable {
    let epoch: UInt64
    let position: RegistryPosition
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
    var view: View
    var heardAt: Duration
    /// When this claim first named a number above the node's own.
    var aheadSince: Duration?
  }

  /// How long a peer's last word counts.
  private let lifetime: Duration
  private var claims: [NodeID: Claim] = [:]
  private var splitAt: UInt64?
  /// When the registry was last read.
  private var readAt: Duration?

  init(lifetime: Duration) {
    self.lifetime = lifetime
  }

  mutating func hear(_ view: View, from node: NodeID, own: View?, at now: Duration) {
    var aheadSince: Duration?
    if let own, view.position.number > own.position.number { aheadSince = claims[node]?.aheadSince ?? now }
    claims[node] = Claim(view: view, heardAt: now, aheadSince: aheadSince)
  }

  mutating func forget(_ node: NodeID) {
    claims[node] = nil
  }

  mutating func registryWasRead(at now: Duration) {
    readAt = now
  }

  /// Whether somebody knows more than the last reading showed.
  func wantsReading(own: View) -> Bool {
    claims.values.contains { claim in
      guard claim.view.position.number > own.position.number, let since = claim.aheadSince else { return false }
      return (readAt ?? .zero) <= since
    }
  }

  mutating func verdict(own: View, members: Set<NodeID>, threshold: Int, at now: Duration) -> Verdict {
    if let splitAt { return .split(number: splitAt) }
    let current = claims.filter { members.contains($0.key) && now - $0.value.heardAt <= lifetime }
    let tolerated = max(members.count - threshold, 0)

    let otherHistory = current.values.filter {
      $0.view.position.number == own.position.number && $0.view.position.digest != own.position.digest
    }
    guard otherHistory.count <= tolerated else {
      splitAt = own.position.number
      return .split(number: own.position.number)
    }

    let ahead = current.values.filter { $0.view.position.number > own.position.number }
    let unread = ahead.filter { ($0.aheadSince ?? now) >= (readAt ?? .zero) }
    if ahead.count > tolerated || !unread.isEmpty {
      return .behind(number: ahead.map(\.view.position.number).max() ?? own.position.number)
    }

    // A member behind this one still counts: it learns of the update from us.
    let known =
      current.values.filter {
        $0.view.epoch == own.epoch
          && ($0.view.position.number != own.position.number || $0.view.position.digest == own.position.digest)
      }.count + 1
    guard known >= threshold else { return .alone(known: known, needed: threshold) }
    return .agreed
  }
}
