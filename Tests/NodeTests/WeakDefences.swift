import Identifiers
import Membership
import NodeTestKit
import PeerLink
import Secrets
import Synchronization
import Transcripts
import Wire

@testable import Authorization
@testable import Node

/// Nodes with one defence missing, to see that the attacks of these tests succeed where nothing stops them.
enum WeakNode {
  /// Overlooks whatever reason for refusing the test names.
  static func lenient(_ overlooked: OverlookedReason) -> TestNetwork.Making {
    making { $0.judge = LenientJudge(real: $0.judge, overlooked: overlooked) }
  }

  /// Remembers no request; also lenient.
  static func forgetful(_ overlooked: OverlookedReason) -> TestNetwork.Making {
    making {
      $0.records = ForgetfulRecords()
      $0.judge = LenientJudge(real: $0.judge, overlooked: overlooked)
    }
  }

  /// Remembers the last request only.
  static var evicting: TestNetwork.Making { making { $0.records = EvictingRecords(capacity: 1) } }
  static var obedient: TestNetwork.Making { making { $0.sessions = ObedientRules() } }
  static var incurious: TestNetwork.Making { making { $0.sessions = IncuriousRules() } }

  private static func making(_ replace: @escaping @Sendable (inout RequestDefences) -> Void) -> TestNetwork.Making {
    { try await Node($0, $1, replacing: replace) }
  }
}

final class OverlookedReason: Sendable {
  private let value = Mutex<Refusal.Reason?>(nil)

  func set(_ reason: Refusal.Reason?) { value.withLock { $0 = reason } }
  func matches(_ reason: Refusal.Reason) -> Bool { value.withLock { $0 == reason } }
}

/// Takes all steps but acts as if one check of them were left out.
struct LenientJudge: RequestJudge {
  let real: any RequestJudge
  let overlooked: OverlookedReason

  func authorize(
    _ submission: RequestSubmission, finding: ContractFinding?, at clock: ClockReading, in snapshot: MembershipSnapshot,
    under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation {
    do throws(Refusal) {
      return try real.authorize(submission, finding: finding, at: clock, in: snapshot, under: rules)
    } catch {
      guard overlooked.matches(error.reason), let authorizer = real as? Authorizer,
        let passed = Self.passed(submission.request, by: authorizer, in: snapshot, under: rules)
      else { throw error }
      return passed
    }
  }

  func authorize(
    _ order: ActionOrder, within run: AuthorizedOperation, at clock: ClockReading, in snapshot: MembershipSnapshot,
    under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation {
    do throws(Refusal) {
      return try real.authorize(order, within: run, at: clock, in: snapshot, under: rules)
    } catch {
      guard overlooked.matches(error.reason), let operation = order.operation,
        let work = Self.work(operation, in: snapshot)
      else { throw error }
      return AuthorizedOperation(order, within: run, work: work)
    }
  }

  private static func passed(
    _ request: SignedRequest, by authorizer: Authorizer, in snapshot: MembershipSnapshot, under rules: QuorumRules
  ) -> AuthorizedOperation? {
    guard let message = try? SIWEMessage(parsing: request.payload.capability.siwe),
      let work = work(request.payload.operation, in: snapshot),
      let reCap = try? ReCap([.sign(with: .zero)])
    else { return nil }
    let capability = VerifiedCapability(
      wallet: message.address, reCap: reCap, issuedAt: message.issuedAt.moment, validFrom: message.issuedAt.moment,
      expiresAt: request.payload.expiresAt)
    return AuthorizedOperation(
      request, id: request.id, capability: capability, certificate: rules.certificate,
      replyContext: ReplyContext(request: request.id, node: authorizer.node, instance: authorizer.instance),
      work: work)
  }

  private static func work(
    _ operation: Wire.Operation, in snapshot: MembershipSnapshot
  ) -> AuthorizedOperation.Work? {
    switch operation {
    case .sign(let key, let content):
      guard let record = snapshot.keyRecord(key), let message = content.message(for: record.purpose) else { return nil }
      return .sign(record, message: message)
    case .decrypt(let policy, let dataKeyHash):
      let hash = Digest32.sha256(of: policy)
      return .decrypt(identity: DecryptionPolicy.identity(policyHash: hash, dataKeyHash: dataKeyHash))
    case .execute, .executeNamed: return operation.action.map { .execute($0) }
    }
  }
}

/// Remembers no request.
struct ForgetfulRecords: RequestRecords {
  func record(_ request: RequestID, expiresAt: Timestamp, at now: Duration, wall: Timestamp) -> RequestLedger.Arrival {
    .first
  }

  func answer(_ request: RequestID, with reply: [UInt8]) {}
  func known(_ request: RequestID) -> RequestLedger.Arrival? { nil }
}

/// Makes room for new requests by forgetting old ones.
struct EvictingRecords: RequestRecords {
  let capacity: Int
  private var real: RequestLedger

  init(capacity: Int) {
    self.capacity = capacity
    real = RequestLedger(capacity: capacity)
  }

  mutating func record(
    _ request: RequestID, expiresAt: Timestamp, at now: Duration, wall: Timestamp
  ) -> RequestLedger.Arrival {
    if case .full = real.record(request, expiresAt: expiresAt, at: now, wall: wall) {
      real = RequestLedger(capacity: capacity)
      return real.record(request, expiresAt: expiresAt, at: now, wall: wall)
    }
    return .first
  }

  mutating func answer(_ request: RequestID, with reply: [UInt8]) { real.answer(request, with: reply) }
  func known(_ request: RequestID) -> RequestLedger.Arrival? { real.known(request) }
}

/// The rules of a real node, but for what a double does in its own way.
protocol AlteredRules: SessionRules {
  var real: RequestSessionTable { get set }
}

extension AlteredRules {
  var liveCount: Int { real.liveCount }

  mutating func open(
    _ opening: RequestSessionTable.Opening, at now: Duration
  ) throws(RequestSessionTable.OpeningRefusal) -> [RequestSessionTable.Action] {
    try real.open(opening, at: now)
  }

  mutating func send(_ frame: SessionFrame, to node: NodeID) -> RequestSessionTable.Action {
    real.send(frame, to: node)
  }

  mutating func sendLast(
    _ frame: SessionFrame, to peer: RequestSessionTable.Peer
  ) -> RequestSessionTable.Action {
    real.sendLast(frame, to: peer)
  }

  mutating func want(_ session: SessionID, from peer: RequestSessionTable.Peer) -> [RequestSessionTable.Action] {
    real.want(session, from: peer)
  }

  mutating func finish(_ session: SessionID) { real.finish(session) }
  mutating func expire(at now: Duration) { real.expire(at: now) }
}

/// Begins whatever session a peer's frame names, and answers in it.
struct ObedientRules: AlteredRules {
  var real = RequestSessionTable()

  mutating func receive(
    _ frame: SessionFrame, from peer: RequestSessionTable.Peer, at now: Duration
  ) -> RequestSessionTable.Action {
    let action = real.receive(frame, from: peer, at: now)
    guard action == .dropped(.unknownRoute) else { return action }
    _ = try? real.open(
      .init(session: frame.session, route: frame.route, peers: [peer], deadline: now + .seconds(10)), at: now)
    var random = SystemRandom()
    var answer = frame
    answer.payload = random.bytes(64)
    return real.send(answer, to: peer.node)
  }
}

/// Goes by the route alone and never compares session ids.
struct IncuriousRules: AlteredRules {
  var real = RequestSessionTable()
  private var own: [RouteID: SessionID] = [:]
  private var early: [RouteID: [(frame: SessionFrame, peer: RequestSessionTable.Peer)]] = [:]

  mutating func open(
    _ opening: RequestSessionTable.Opening, at now: Duration
  ) throws(RequestSessionTable.OpeningRefusal) -> [RequestSessionTable.Action] {
    var actions = try real.open(opening, at: now)
    own[opening.route] = opening.session
    for (frame, peer) in early.removeValue(forKey: opening.route) ?? [] {
      actions.append(receive(frame, from: peer, at: now))
    }
    return actions
  }

  mutating func receive(
    _ frame: SessionFrame, from peer: RequestSessionTable.Peer, at now: Duration
  ) -> RequestSessionTable.Action {
    guard let session = own[frame.route] else {
      early[frame.route, default: []].append((frame, peer))
      return .dropped(.unknownRoute)
    }
    var renamed = frame
    renamed.session = session
    return real.receive(renamed, from: peer, at: now)
  }
}
