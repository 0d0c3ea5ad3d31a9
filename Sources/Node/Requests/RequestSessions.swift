internal import Identifiers
internal import PeerLink
internal import Rounds
internal import SecretSharing
internal import Wire

/// Carries out what the session table decides: brings frames of peers to the mailboxes of this node's own sessions and
/// this node's messages to its peers.
actor RequestSessions {
  typealias Send = @Sendable (PeerFrame, RequestSessionTable.Peer) async -> Void

  private struct Mailing: Sendable {
    let opening: RequestSessionTable.Opening
    let mailbox: Mailbox
    let parties: [NodeID: PartyID]
  }

  private let clock: any LocalClock
  private let metrics: NodeMetrics
  private let send: Send
  private var table: any SessionRules
  private var mailings: [SessionID: Mailing] = [:]
  private var mismatches: [SessionID: NodeID] = [:]

  init(table: any SessionRules, clock: any LocalClock, metrics: NodeMetrics, send: @escaping Send) {
    self.table = table
    self.clock = clock
    self.metrics = metrics
    self.send = send
  }

  var liveCount: Int { table.liveCount }

  /// Begins a session derived from an own pending request.
  func open(
    _ opening: RequestSessionTable.Opening, _ mailbox: Mailbox,
    parties: [NodeID: PartyID]
  ) async throws(RequestSessionTable.OpeningRefusal) {
    let mailing = Mailing(opening: opening, mailbox: mailbox, parties: parties)
    let actions: [RequestSessionTable.Action]
    do throws(RequestSessionTable.OpeningRefusal) {
      actions = try table.open(opening, at: clock.monotonicNow())
    } catch {
      if case .mismatch(let node) = error { await end(mailing, becauseOf: node) }
      throw error
    }
    mailings[opening.session] = mailing
    metrics.sessions(table.liveCount)
    await carryOut(actions)
  }

  /// Ends a session. Returns the node with which it turned out to have another session, in which case nothing made in
  /// it may leave.
  func close(_ session: SessionID) -> NodeID? {
    table.finish(session)
    mailings[session] = nil
    metrics.sessions(table.liveCount)
    return mismatches.removeValue(forKey: session)
  }

  func send(_ frame: SessionFrame, to node: NodeID) async {
    await carryOut([table.send(frame, to: node)])
  }

  func receive(_ frame: SessionFrame, from peer: RequestSessionTable.Peer) async {
    await carryOut([table.receive(frame, from: peer, at: clock.monotonicNow())])
  }

  func receiveWant(_ session: SessionID, from peer: RequestSessionTable.Peer) async {
    await carryOut(table.want(session, from: peer))
  }

  /// To be called now and then, so that what is over is forgotten while nothing arrives.
  func expire() {
    table.expire(at: clock.monotonicNow())
  }

  private func carryOut(_ actions: [RequestSessionTable.Action]) async {
    for action in actions {
      switch action {
      case .deliver(let frame, let node):
        guard let mailing = mailings[frame.session], let sender = mailing.parties[node] else { continue }
        mailing.mailbox.deliver(Envelope(frame), from: sender)
      case .send(let frame, let peer):
        await send(frame, peer)
      case .mismatch(let session, let node):
        mismatches[session] = node
        guard let mailing = mailings[session] else { continue }
        mailing.mailbox.close()
        await end(mailing, becauseOf: node)
      case .dropped(let reason):
        metrics.droppedFrame(reason)
      }
    }
  }

  /// Tells the other peers that this node stops and why. Without it they would take this node for the silent one, and
  /// whoever sends it another session id would have it suspected by all.
  private func end(_ mailing: Mailing, becauseOf node: NodeID) async {
    metrics.sessionMismatch()
    guard let party = mailing.parties[node] else { return }
    let opening = mailing.opening
    let frame = SessionFrame(
      session: opening.session, route: opening.route, round: 0, channel: .abort,
      payload: ProtocolAbort.missing(round: 0, [party]).encodedNotice)
    await carryOut(opening.peers.filter { $0.node != node }.map { table.sendLast(frame, to: $0) })
  }
}
