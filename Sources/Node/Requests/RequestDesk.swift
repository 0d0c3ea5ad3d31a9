internal import Identifiers
internal import Wire

/// Step 6: records a request and lets it in, in one step; gives its answer to whoever brings it again.
actor RequestDesk {
  enum Entry: Sendable {
    case admitted
    /// The bytes of the answer given before.
    case answered([UInt8])
  }

  private let clock: any LocalClock
  private let metrics: NodeMetrics
  private var ledger: any RequestRecords
  private var rates: RateLimits
  private var isClosed = false
  private var pending = 0

  init(limits: NodeLimits, records: any RequestRecords, clock: any LocalClock, metrics: NodeMetrics) {
    self.clock = clock
    self.metrics = metrics
    ledger = records
    rates = RateLimits(limits, at: clock.monotonicNow())
  }

  var pendingCount: Int { pending }

  /// - Parameters:
  ///   - expiresAt: the request's.
  ///   - wall: what the request was judged by.
  func enter(
    _ request: RequestID, wallet: WalletAddress, expiresAt: Timestamp, at wall: Timestamp
  ) throws(NodeRefusal) -> Entry {
    let now = clock.monotonicNow()
    switch ledger.known(request) {
    case .again: throw NodeRefusal(.duplicateRequest, request: request)
    case .answered(let bytes): return .answered(bytes)
    default: break
    }
    guard !isClosed else { throw NodeRefusal(later: .notReady, request: request) }
    switch rates.begin(wallet, at: now) {
    case .within: break
    case .walletExceeded(let wait): throw NodeRefusal(later: .tooManyRequests, request: request, after: wait)
    case .globalExceeded(let wait): throw NodeRefusal(later: .overloaded, request: request, after: wait)
    }
    if case .full(let wait) = ledger.record(request, expiresAt: expiresAt, at: now, wall: wall) {
      // What cannot be remembered must not run, or it could run twice.
      rates.finish(wallet)
      throw NodeRefusal(later: .overloaded, request: request, after: wait)
    }
    pending += 1
    metrics.pendingRequests(pending)
    return .admitted
  }

  /// - Parameter answer: nil when there is none, and there never will be.
  func leave(_ request: RequestID, wallet: WalletAddress, answer: [UInt8]?) {
    if let answer { ledger.answer(request, with: answer) }
    rates.finish(wallet)
    pending -= 1
    metrics.pendingRequests(pending)
  }

  /// Lets nobody in any more.
  func close() {
    isClosed = true
  }

  /// Returns when every request let in has its answer, the time is over, or its task is cancelled.
  func waitUntilEmpty(within limit: Duration) async {
    let end = clock.monotonicNow() + limit
    while pending > 0, clock.monotonicNow() < end, (try? await clock.sleep(for: .milliseconds(20))) != nil {}
  }
}
