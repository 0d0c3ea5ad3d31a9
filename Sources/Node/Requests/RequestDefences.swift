internal import Authorization
internal import Identifiers
internal import Membership
internal import Wire

/// Steps 2 to 5: decides whether this node may do what a request orders.
protocol RequestJudge: Sendable {
  /// - Parameter finding: what the wallet's contract said, where the wallet is one and it was asked.
  func authorize(
    _ submission: RequestSubmission, finding: ContractFinding?, at clock: ClockReading, in snapshot: MembershipSnapshot,
    under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation
  /// The same for what an action asks for while it runs.
  func authorize(
    _ order: ActionOrder, within run: AuthorizedOperation, at clock: ClockReading, in snapshot: MembershipSnapshot,
    under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation
}

extension Authorizer: RequestJudge {}

/// Step 6: remembers which requests this node has taken.
protocol RequestRecords: Sendable {
  mutating func record(
    _ request: RequestID, expiresAt: Timestamp, at now: Duration, wall: Timestamp
  ) -> RequestLedger.Arrival
  mutating func answer(_ request: RequestID, with reply: [UInt8])
  func known(_ request: RequestID) -> RequestLedger.Arrival?
}

extension RequestLedger: RequestRecords {}

/// Decides which frame of which peer belongs to a session of this node's own.
protocol SessionRules: Sendable {
  var liveCount: Int { get }
  mutating func open(
    _ opening: RequestSessionTable.Opening, at now: Duration
  ) throws(RequestSessionTable.OpeningRefusal) -> [RequestSessionTable.Action]
  mutating func send(_ frame: SessionFrame, to node: NodeID) -> RequestSessionTable.Action
  mutating func sendLast(_ frame: SessionFrame, to peer: RequestSessionTable.Peer) -> RequestSessionTable.Action
  mutating func receive(
    _ frame: SessionFrame, from peer: RequestSessionTable.Peer, at now: Duration
  ) -> RequestSessionTable.Action
  mutating func want(_ session: SessionID, from peer: RequestSessionTable.Peer) -> [RequestSessionTable.Action]
  mutating func finish(_ session: SessionID)
  mutating func expire(at now: Duration)
}

extension RequestSessionTable: SessionRules {}

/// What stands between the bytes of users and peers and a share.
///
/// A node that runs has these and no others. Tests put weaker ones into a node of theirs and see the attack succeed
/// there that fails here.
struct RequestDefences: Sendable {
  var judge: any RequestJudge
  var records: any RequestRecords
  var sessions: any SessionRules

  init(node: NodeID, instance: Instance, limits: NodeLimits) {
    judge = Authorizer(node: node, instance: instance)
    records = RequestLedger(capacity: limits.rememberedRequests)
    sessions = RequestSessionTable()
  }
}
