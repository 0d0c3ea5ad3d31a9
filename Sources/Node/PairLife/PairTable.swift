internal import Identifiers
internal import Wire

/// How far this node is with the set-ups it shares with every other member of the epoch, one with each; a state machine
/// without a clock, randomness, sockets or secrets of its own. Each event returns what has to be done.
///
/// Pairs know nothing of each other: whatever one member does, all others' set-ups stay as they are. No set-up is made,
/// and none given up for a new one, while a session of the pair is open.
struct PairTable: Sendable {
  enum Action: Sendable, Hashable {
    /// Tell the member this node's nonce.
    case tell(NodeID, NonceExchange.Nonce)
    /// Both nonces are there.
    case begin(NodeID, Attempt)
    /// The attempt under way is worth nothing any more.
    case abandon(NodeID)
    /// Wipe the set-up.
    case retire(NodeID)
  }

  /// One attempt at a set-up; also names the set-up it makes.
  struct Attempt: Sendable, Hashable {
    /// No two attempts of one table have the same.
    let number: Int
    let peer: RequestSessionTable.Peer
    let own: Digest32
    let theirs: Digest32
  }

  enum Outcome: Sendable, Hashable {
    case made
    /// Nobody is known to have done wrong: a link went, or the two nodes' registry views differ for the moment.
    case failed
    /// The member broke the protocol.
    case cheated
  }

  struct Counts: Sendable, Hashable {
    var total = 0
    var ready = 0
    var making = 0
    var backingOff = 0
  }

  private enum Phase: Sendable {
    /// Nothing was begun with this instance.
    case idle
    /// This node's nonce is out, the member's for the same attempt is missing.
    case announced
    case making(Attempt)
    case ready(Attempt, since: Duration)
    /// There is no set-up, and the next attempt was not announced.
    case over
  }

  private struct Pair: Sendable {
    var instance: Instance?
    var isLinked = false
    var exchange: NonceExchange?
    var phase = Phase.idle
    /// The member says that it has no set-up, so this node's is of no use to new sessions.
    var isLost = false
    /// Sessions that hold the set-up of this attempt.
    var open: (number: Int, count: Int) = (0, 0)
    var pause = PairPause()
  }

  private var pairs: [NodeID: Pair]
  private var attemptCount = 0

  /// - Parameter others: the members without this node.
  init(others: Set<NodeID>) {
    pairs = Dictionary(uniqueKeysWithValues: others.map { ($0, Pair()) })
  }

  var others: [NodeID] { pairs.keys.sorted() }

  func counts(at now: Duration) -> Counts {
    pairs.values.reduce(into: Counts()) { counts, pair in
      counts.total += 1
      switch pair.phase {
      case .ready: counts.ready += pair.isLost ? 0 : 1
      case .making: counts.making += 1
      case .idle, .announced, .over: counts.backingOff += now < pair.pause.until ? 1 : 0
      }
    }
  }

  func isLinked(_ peer: RequestSessionTable.Peer) -> Bool {
    pairs[peer.node].map { $0.isLinked && $0.instance == peer.instance } ?? false
  }

  /// Whether there is no set-up with this instance and none can come before this moment.
  func isHopeless(_ peer: RequestSessionTable.Peer, until deadline: Duration) -> Bool {
    guard let pair = pairs[peer.node] else { return true }
    if let instance = pair.instance, pair.isLinked, instance != peer.instance { return true }
    switch pair.phase {
    case .idle, .over: return pair.pause.until > deadline
    case .announced, .making, .ready: return false
    }
  }
}

// MARK: Links

extension PairTable {
  /// A link came up. The same instance keeps its set-up; another one never had it.
  mutating func connected(
    _ peer: RequestSessionTable.Peer, at now: Duration, fresh: () -> Digest32
  ) -> [Action] {
    guard var pair = pairs[peer.node] else { return [] }
    var actions: [Action] = []
    if pair.instance == peer.instance {
      // What was said last may have been lost with the link.
      if let exchange = pair.exchange, !pair.isLinked { actions.append(.tell(peer.node, exchange.own)) }
    } else {
      actions += ended(&pair, peer.node)
      pair.instance = peer.instance
    }
    pair.isLinked = true
    pairs[peer.node] = pair
    return actions + advance(peer.node, at: now, fresh: fresh)
  }

  /// The link is gone, and with it what was on its way; a finished set-up stays.
  mutating func disconnected(_ peer: RequestSessionTable.Peer) -> [Action] {
    guard pairs[peer.node]?.instance == peer.instance else { return [] }
    pairs[peer.node]?.isLinked = false
    if case .making = pairs[peer.node]?.phase { return [.abandon(peer.node)] }
    return []
  }

  /// The registry does not list the node any more as what it was: it is as if it had never been there.
  mutating func excluded(_ node: NodeID) -> [Action] {
    guard var pair = pairs[node], pair.instance != nil else { return [] }
    let actions = ended(&pair, node)
    pair.instance = nil
    pair.isLinked = false
    pairs[node] = pair
    return actions
  }

  /// Nothing that was begun with the instance is of use; sessions with it do not hold up the next one.
  private func ended(_ pair: inout Pair, _ node: NodeID) -> [Action] {
    defer {
      pair.exchange = nil
      pair.phase = .idle
      pair.isLost = false
      pair.open = (0, 0)
    }
    switch pair.phase {
    case .making: return [.abandon(node)]
    case .ready: return [.retire(node)]
    case .idle, .announced, .over: return []
    }
  }
}

// MARK: Attempts

extension PairTable {
  /// A nonce is a member's word that it has no set-up with this node, unless it is the one the set-up was made with.
  mutating func hear(
    _ nonce: NonceExchange.Nonce, from peer: RequestSessionTable.Peer, at now: Duration, fresh: () -> Digest32
  ) -> [Action] {
    guard var pair = pairs[peer.node], pair.isLinked, pair.instance == peer.instance, var exchange = pair.exchange
    else { return [] }
    let own = exchange.own
    var actions: [Action] = []
    for action in exchange.hear(nonce, from: peer.node, instance: peer.instance, fresh: fresh) {
      switch action {
      case .announce, .tell: actions.append(.tell(peer.node, exchange.own))
      case .begin: actions += begin(&pair, exchange, peer)
      }
    }
    pair.exchange = exchange
    switch pair.phase {
    case .making(let attempt) where !actions.contains(.begin(peer.node, attempt)):
      if nonce.attempt != own.attempt || nonce.value != attempt.theirs { actions.append(.abandon(peer.node)) }
    case .ready(let attempt, let since):
      guard !pair.isLost, nonce.attempt != own.attempt || nonce.value != attempt.theirs else { break }
      pair.isLost = true
      pair.pause.trouble(at: now, after: now - since)
    case .idle, .announced, .making, .over: break
    }
    pairs[peer.node] = pair
    return actions + advance(peer.node, at: now, fresh: fresh)
  }

  /// To be called several times a second: begins what is due.
  mutating func advance(at now: Duration, fresh: () -> Digest32) -> [Action] {
    others.flatMap { advance($0, at: now, fresh: fresh) }
  }

  /// To be called every few seconds: says again what may have been lost.
  func remind() -> [Action] {
    others.flatMap { node -> [Action] in
      guard let pair = pairs[node], pair.isLinked, case .announced = pair.phase, let exchange = pair.exchange else {
        return []
      }
      return exchange.remind().map { _ in .tell(node, exchange.own) }
    }
  }

  /// - Returns: false when the attempt had been given up before; what it made must be wiped.
  @discardableResult
  mutating func finished(_ attempt: Attempt, _ outcome: Outcome, at now: Duration) -> Bool {
    guard var pair = pairs[attempt.peer.node], case .making(attempt) = pair.phase else { return false }
    switch outcome {
    case .made:
      pair.phase = .ready(attempt, since: now)
      pair.isLost = false
      pair.open = (attempt.number, 0)
    case .failed:
      pair.phase = .over
      pair.pause.trouble(at: now, after: .zero)
    case .cheated:
      pair.phase = .over
      pair.pause.burn(at: now, after: .zero)
    }
    pairs[attempt.peer.node] = pair
    return true
  }

  private mutating func advance(_ node: NodeID, at now: Duration, fresh: () -> Digest32) -> [Action] {
    guard var pair = pairs[node], let instance = pair.instance else { return [] }
    var actions: [Action] = []
    if case .ready = pair.phase, pair.isLost, pair.open.count == 0 {
      actions.append(.retire(node))
      pair.isLost = false
      pair.phase = .over
    }
    if pair.isLinked, now >= pair.pause.until, pair.open.count == 0 {
      switch pair.phase {
      case .idle:
        let exchange = NonceExchange(others: [node], nonce: fresh())
        pair.exchange = exchange
        pair.phase = .announced
        actions.append(.tell(node, exchange.own))
      case .over:
        guard var exchange = pair.exchange else { break }
        pair.phase = .announced
        for action in exchange.failed(fresh: fresh) {
          switch action {
          case .announce, .tell: actions.append(.tell(node, exchange.own))
          case .begin: actions += begin(&pair, exchange, .init(node: node, instance: instance))
          }
        }
        pair.exchange = exchange
      case .announced, .making, .ready: break
      }
    }
    pairs[node] = pair
    return actions
  }

  private mutating func begin(
    _ pair: inout Pair, _ exchange: NonceExchange, _ peer: RequestSessionTable.Peer
  ) -> [Action] {
    guard let theirs = exchange.complete?[peer.node]?.nonce else { return [] }
    attemptCount += 1
    let attempt = Attempt(number: attemptCount, peer: peer, own: exchange.own.value, theirs: theirs)
    pair.phase = .making(attempt)
    return [.begin(peer.node, attempt)]
  }
}

// MARK: Sessions

extension PairTable {
  /// Takes the set-up with this instance for a session.
  /// - Returns: nil when there is none.
  mutating func hold(_ peer: RequestSessionTable.Peer) -> Attempt? {
    guard let pair = pairs[peer.node], pair.instance == peer.instance, !pair.isLost,
      case .ready(let attempt, _) = pair.phase
    else { return nil }
    pairs[peer.node]?.open.count += 1
    return attempt
  }

  /// A session that held the set-up is over.
  mutating func release(_ attempt: Attempt) {
    guard let pair = pairs[attempt.peer.node], pair.open.number == attempt.number, pair.open.count > 0 else { return }
    pairs[attempt.peer.node]?.open.count -= 1
  }

  /// The member failed a check in a session, and the set-up is wiped.
  mutating func burned(_ attempt: Attempt, at now: Duration) -> [Action] {
    guard var pair = pairs[attempt.peer.node], case .ready(attempt, let since) = pair.phase else { return [] }
    pair.phase = .over
    pair.isLost = false
    pair.pause.burn(at: now, after: now - since)
    pairs[attempt.peer.node] = pair
    return [.retire(attempt.peer.node)]
  }
}
