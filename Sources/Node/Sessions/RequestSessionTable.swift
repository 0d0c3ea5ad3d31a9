internal import Identifiers
internal import Wire

/// Every request session of this node and what is known of sessions it has not reached yet; a state machine without a
/// clock, randomness or sockets of its own. Each event returns what has to be done.
///
/// Nothing a peer sends creates a session: `open` is called only for a pending request of this node's own.
struct RequestSessionTable: Sendable {
  /// How many (route, session) pairs of routes this node does not know are kept for one peer, and for how long.
  static let earlyLimit = 4096
  static let earlyLifetime = Duration.seconds(60)
  /// The longest payload kept after its session.
  static let keptPayload = 4096

  /// A node as it runs now: what a request names and what a link was verified for.
  struct Peer: Sendable, Hashable {
    let node: NodeID
    let instance: Instance
  }

  /// What this node derived for one operation of a pending request.
  struct Opening: Sendable, Hashable {
    let session: SessionID
    let route: RouteID
    /// The other members of the quorum.
    let peers: Set<Peer>
    /// When the session ends whatever happens, on the monotonic clock.
    let deadline: Duration
  }

  enum Action: Sendable, Hashable {
    /// The frame belongs to a running session.
    case deliver(SessionFrame, from: NodeID)
    case send(PeerFrame, to: Peer)
    /// The session is over because this peer derived another one from what should be the same request.
    case mismatch(SessionID, with: NodeID)
    case dropped(DropReason)
  }

  enum DropReason: String, Sendable, Hashable, CaseIterable {
    case foreignNode
    case otherInstance
    case unknownRoute
    case tooManyEarly
    case sessionOver
    case wantUnknown
    case wantAnswered
  }

  enum OpeningRefusal: Error, Sendable, Hashable {
    /// A session runs at most once.
    case alreadyOpened
    case mismatch(with: NodeID)
  }

  private struct Running: Sendable {
    let opening: Opening
    /// False after the protocol ended; what it sent is kept for `want` until the deadline.
    var isLive = true
    var sent: [NodeID: [SessionFrame]] = [:]
    var answered: Set<NodeID> = []
  }

  private struct Early: Sendable {
    let session: SessionID
    let arrivedAt: Duration
  }

  private var running: [RouteID: Running] = [:]
  private var routes: [SessionID: RouteID] = [:]
  /// Routes of sessions whose deadline passed, so that none is opened twice; kept as long as their requests.
  private var over: [RouteID: Duration] = [:]
  private var early: [Peer: [RouteID: Early]] = [:]

  var liveCount: Int { running.values.count { $0.isLive } }
  var earlyCount: Int { early.values.reduce(0) { $0 + $1.count } }
}

extension RequestSessionTable {
  /// Begins the session of an own pending request. Returns the `want` frames for peers that got there first.
  mutating func open(_ opening: Opening, at now: Duration) throws(OpeningRefusal) -> [Action] {
    expire(at: now)
    guard running[opening.route] == nil, over[opening.route] == nil, routes[opening.session] == nil else {
      throw .alreadyOpened
    }
    var wants: [Action] = []
    for peer in opening.peers.sorted(by: { $0.node < $1.node }) {
      guard let entry = takeEarly(opening.route, from: peer) else { continue }
      guard entry.session == opening.session else {
        enter(Running(opening: opening, isLive: false))
        throw .mismatch(with: peer.node)
      }
      wants.append(.send(.want(opening.session), to: peer))
    }
    enter(Running(opening: opening))
    return wants
  }

  /// What the other peers of a session have to know that ended by a mismatch; kept for `want` like everything sent.
  mutating func sendLast(_ frame: SessionFrame, to peer: Peer) -> Action {
    running[frame.route]?.sent[peer.node, default: []].append(frame)
    return .send(.session(frame), to: peer)
  }

  /// Keeps what the session sends to a peer, for the one answer to `want`, and says to send it.
  mutating func send(_ frame: SessionFrame, to node: NodeID) -> Action {
    guard let session = running[frame.route], session.isLive, session.opening.session == frame.session else {
      return .dropped(.sessionOver)
    }
    guard let peer = session.opening.peers.first(where: { $0.node == node }) else { return .dropped(.foreignNode) }
    running[frame.route]?.sent[node, default: []].append(frame)
    return .send(.session(frame), to: peer)
  }

  mutating func receive(_ frame: SessionFrame, from peer: Peer, at now: Duration) -> Action {
    guard let session = running[frame.route] else {
      guard over[frame.route] == nil else { return .dropped(.sessionOver) }
      return keepEarly(frame, from: peer, at: now)
    }
    if let reason = foreign(peer, to: session.opening) { return .dropped(reason) }
    guard session.isLive else { return .dropped(.sessionOver) }
    guard frame.session == session.opening.session else {
      finish(session.opening.session)
      return .mismatch(session.opening.session, with: peer.node)
    }
    return .deliver(frame, from: peer.node)
  }

  mutating func want(_ session: SessionID, from peer: Peer) -> [Action] {
    guard let route = routes[session], let entry = running[route] else { return [.dropped(.wantUnknown)] }
    if let reason = foreign(peer, to: entry.opening) { return [.dropped(reason)] }
    guard !entry.answered.contains(peer.node) else { return [.dropped(.wantAnswered)] }
    // Before anything was sent there is nothing to repeat, and what is sent later arrives by itself.
    guard let frames = entry.sent[peer.node] else { return [] }
    running[route]?.answered.insert(peer.node)
    return frames.map { .send(.session($0), to: peer) }
  }

  /// The protocol of the session ended, in whatever way; frames for it are dropped from now on.
  ///
  /// Of what was sent only short messages are kept for `want`, notices above all: who did not have the long ones while
  /// the session ran does not need them, and they would fill this node's memory.
  mutating func finish(_ session: SessionID) {
    guard let route = routes[session], var entry = running[route] else { return }
    entry.isLive = false
    entry.sent = entry.sent.mapValues { frames in frames.filter { $0.payload.count <= Self.keptPayload } }
    running[route] = entry
  }

  mutating func expire(at now: Duration) {
    for (route, session) in running where now >= session.opening.deadline {
      running[route] = nil
      routes[session.opening.session] = nil
      over[route] = now
    }
    for (route, since) in over where now - since >= RequestLedger.lifetime { over[route] = nil }
    for peer in early.keys { forgetEarly(of: peer, at: now) }
  }
}

extension RequestSessionTable {
  private func foreign(_ peer: Peer, to opening: Opening) -> DropReason? {
    guard !opening.peers.contains(peer) else { return nil }
    return opening.peers.contains { $0.node == peer.node } ? .otherInstance : .foreignNode
  }

  private mutating func enter(_ session: Running) {
    running[session.opening.route] = session
    routes[session.opening.session] = session.opening.route
  }

  private mutating func takeEarly(_ route: RouteID, from peer: Peer) -> Early? {
    early[peer]?.removeValue(forKey: route)
  }

  /// Keeps only that the peer knows this route under this session id; the first word about a route counts.
  private mutating func keepEarly(_ frame: SessionFrame, from peer: Peer, at now: Duration) -> Action {
    // A member that starts again and again is one member still, with room for one.
    if early[peer] == nil {
      for earlier in early.keys where earlier.node == peer.node { early[earlier] = nil }
    }
    if early[peer, default: [:]].count >= Self.earlyLimit { forgetEarly(of: peer, at: now) }
    if let known = early[peer]?[frame.route], now - known.arrivedAt < Self.earlyLifetime {
      return .dropped(.unknownRoute)
    }
    guard early[peer, default: [:]].count < Self.earlyLimit else { return .dropped(.tooManyEarly) }
    early[peer, default: [:]][frame.route] = Early(session: frame.session, arrivedAt: now)
    return .dropped(.unknownRoute)
  }

  private mutating func forgetEarly(of peer: Peer, at now: Duration) {
    let kept = (early[peer] ?? [:]).filter { now - $0.value.arrivedAt < Self.earlyLifetime }
    early[peer] = kept.isEmpty ? nil : kept
  }
}
