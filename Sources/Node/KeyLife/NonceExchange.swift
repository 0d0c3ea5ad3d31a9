internal import Identifiers

/// How all members come to the same set of fresh nonces, from which each derives the identifier of the next attempt at a
/// network session; a state machine without clock, randomness or sockets.
///
/// Nobody leads. Every member announces an attempt number with a nonce made for it; whoever hears of a later attempt than
/// its own goes there with a new nonce. An attempt begins at a member once it has a nonce of every other for it.
struct NonceExchange: Sendable {
  /// Attempts beyond this are not believed; an honest network never gets there.
  static let lastAttempt: UInt32 = 1 << 30

  struct Nonce: Sendable, Hashable {
    let attempt: UInt32
    let value: Digest32
  }

  enum Action: Sendable, Hashable {
    /// Tell everybody this node's nonce.
    case announce
    /// Tell one member, which does not seem to know.
    case tell(NodeID)
    /// All nonces are there.
    case begin
  }

  private struct Heard: Sendable, Hashable {
    let instance: Instance
    let nonce: Nonce
  }

  private let members: Set<NodeID>
  private(set) var own: Nonce
  private var heard: [NodeID: Heard] = [:]
  /// While an attempt runs its nonces stay as they are.
  private var isRunning = false

  /// - Parameter others: the members without this node.
  init(others: Set<NodeID>, nonce: Digest32) {
    members = others
    own = Nonce(attempt: 1, value: nonce)
  }

  /// The nonces of all others for the present attempt, nil while one is missing.
  var complete: [NodeID: (instance: Instance, nonce: Digest32)]? {
    var nonces: [NodeID: (instance: Instance, nonce: Digest32)] = [:]
    for member in members {
      guard let heard = heard[member], heard.nonce.attempt == own.attempt else { return nil }
      nonces[member] = (heard.instance, heard.nonce.value)
    }
    return nonces
  }

  /// Who has not announced the present attempt.
  var missing: [NodeID] {
    members.filter { heard[$0]?.nonce.attempt != own.attempt }.sorted()
  }

  mutating func hear(
    _ nonce: Nonce, from node: NodeID, instance: Instance, fresh: () -> Digest32
  ) -> [Action] {
    guard members.contains(node), nonce.attempt <= Self.lastAttempt else { return [] }
    if let known = heard[node], known.instance == instance {
      // One nonce for each attempt: a second one would only keep others from agreeing.
      guard nonce.attempt >= known.nonce.attempt else { return [.tell(node)] }
      guard nonce.attempt > known.nonce.attempt || nonce == known.nonce else { return [] }
    }
    guard nonce.attempt >= own.attempt else { return [.tell(node)] }
    let word = Heard(instance: instance, nonce: nonce)
    let isNews = heard[node] != word
    heard[node] = word
    guard !isRunning else { return [] }
    var actions: [Action] = []
    if nonce.attempt > own.attempt {
      own = Nonce(attempt: nonce.attempt, value: fresh())
      actions.append(.announce)
    } else if isNews {
      // It may not have been ready for this node's nonce when that was announced.
      actions.append(.tell(node))
    }
    if complete != nil {
      isRunning = true
      actions.append(.begin)
    }
    return actions
  }

  /// A member connected, perhaps as a new instance.
  mutating func connected(_ node: NodeID, instance: Instance) -> [Action] {
    guard members.contains(node) else { return [] }
    if let known = heard[node], known.instance != instance { heard[node] = nil }
    return [.tell(node)]
  }

  /// Says it again to whoever has not answered; what is sent can be lost.
  func remind() -> [Action] {
    isRunning ? [] : missing.map { .tell($0) }
  }

  /// The attempt ended without keys.
  mutating func failed(fresh: () -> Digest32) -> [Action] {
    isRunning = false
    let latest = heard.values.map(\.nonce.attempt).max() ?? 0
    own = Nonce(attempt: max(min(own.attempt, Self.lastAttempt - 1) + 1, latest), value: fresh())
    guard complete != nil else { return [.announce] }
    isRunning = true
    return [.announce, .begin]
  }
}
