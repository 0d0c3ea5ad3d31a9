internal import Authorization
internal import Identifiers

/// Which requests this node has taken, so that each is run at most once.
///
/// An entry is kept for its whole lifetime and never made room of: a full ledger refuses new requests. An entry goes only
/// once its request has expired by wall clock too, so that a wall clock that stands still brings no request back.
struct RequestLedger: Sendable {
  static let lifetime = Duration.seconds(600)
  /// Bytes of all answers that are kept. Beyond it a request that comes again hears that it was there before.
  static let answerBudget = 256 << 20

  enum Arrival: Sendable, Hashable {
    case first
    /// The request is still being worked on, or its answer was not kept.
    case again
    /// The request was answered; these are the same bytes.
    case answered([UInt8])
    case full(retryAfter: Duration)
  }

  private enum State: Sendable {
    case pending
    case answered([UInt8])
  }

  private struct Entry: Sendable {
    let request: RequestID
    let arrivedAt: Duration
    let expiresAt: Timestamp
  }

  private let capacity: Int
  private let answerBudget: Int
  private var answerBytes = 0
  private var states: [RequestID: State] = [:]
  /// In order of arrival; the monotonic clock never goes back.
  private var arrivals = Queue<Entry>()

  init(capacity: Int, answerBudget: Int = Self.answerBudget) {
    self.capacity = capacity
    self.answerBudget = answerBudget
  }

  var count: Int { states.count }

  /// - Parameters:
  ///   - expiresAt: the request's.
  ///   - wall: what the request was judged by.
  mutating func record(
    _ request: RequestID, expiresAt: Timestamp, at now: Duration, wall: Timestamp
  ) -> Arrival {
    forget(at: now, wall)
    switch states[request] {
    case .pending: return .again
    case .answered(let reply): return .answered(reply)
    case nil: break
    }
    guard states.count < capacity else {
      let oldest = arrivals.first?.arrivedAt ?? now
      return .full(retryAfter: max(oldest + Self.lifetime - now, .seconds(1)))
    }
    states[request] = .pending
    arrivals.append(Entry(request: request, arrivedAt: now, expiresAt: expiresAt))
    return .first
  }

  /// Keeps the one answer a request gets. Later answers change nothing.
  mutating func answer(_ request: RequestID, with reply: [UInt8]) {
    guard case .pending = states[request], reply.count <= answerBudget - answerBytes else { return }
    answerBytes += reply.count
    states[request] = .answered(reply)
  }

  /// What is known of a request without recording it.
  func known(_ request: RequestID) -> Arrival? {
    switch states[request] {
    case .pending: .again
    case .answered(let reply): .answered(reply)
    case nil: nil
    }
  }

  /// The wall clock may fall back by as much as it is still trusted with.
  private mutating func forget(at now: Duration, _ wall: Timestamp) {
    while let oldest = arrivals.first, now - oldest.arrivedAt >= Self.lifetime,
      wall.seconds(since: oldest.expiresAt) > ClockReading.tolerance
    {
      arrivals.removeFirst()
      if case .answered(let reply) = states.removeValue(forKey: oldest.request) { answerBytes -= reply.count }
    }
  }
}
