internal import EthereumRPC
internal import Metrics
internal import PeerLink
internal import Wire

/// Everything this target counts. No value of a request is ever part of a name or dimension.
struct NodeMetrics: Sendable {
  private let factory: any MetricsFactory
  private let pending: Meter
  private let live: Meter
  private let links: Meter
  private let ready: Meter
  private let mismatches: Counter

  init(factory: any MetricsFactory) {
    self.factory = factory
    pending = Meter(label: "quorate_pending_requests", factory: factory)
    live = Meter(label: "quorate_live_sessions", factory: factory)
    links = Meter(label: "quorate_peer_links", factory: factory)
    ready = Meter(label: "quorate_ready", factory: factory)
    mismatches = Counter(label: "quorate_session_mismatches_total", factory: factory)
  }

  func pendingRequests(_ count: Int) { pending.set(count) }
  func sessions(_ count: Int) { live.set(count) }
  func links(_ count: Int) { links.set(count) }
  func ready(_ isReady: Bool) { ready.set(isReady ? 1 : 0) }
  func sessionMismatch() { mismatches.increment() }

  func refused(_ code: ErrorCode) {
    Counter(label: "quorate_refusals_total", dimensions: [("code", code.rawValue)], factory: factory).increment()
  }

  func answered(_ operation: String, _ result: String, after duration: Duration) {
    let dimensions = [("operation", operation), ("result", result)]
    Counter(label: "quorate_requests_total", dimensions: dimensions, factory: factory).increment()
    let timer = Timer(label: "quorate_request_seconds", dimensions: [("operation", operation)], factory: factory)
    timer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
  }

  /// - Parameter verdict: nil where the request named a block that nobody judges at.
  func contractWallet(_ verdict: ContractWalletVerdict?) {
    let word =
      switch verdict {
      case .valid: "valid"
      case .invalid: "invalid"
      case .undecided: "undecided"
      case nil: "no-such-block"
      }
    Counter(label: "quorate_contract_wallets_total", dimensions: [("verdict", word)], factory: factory).increment()
  }

  func droppedFrame(_ reason: RequestSessionTable.DropReason) {
    Counter(label: "quorate_dropped_frames_total", dimensions: [("reason", reason.rawValue)], factory: factory)
      .increment()
  }

  func pairSetups(_ counts: PairTable.Counts) {
    for (state, count) in [
      ("ready", counts.ready), ("making", counts.making), ("backing-off", counts.backingOff),
    ] {
      Meter(label: "quorate_pair_setups", dimensions: [("state", state)], factory: factory).set(count)
    }
  }

  /// - Parameter result: what became of an attempt, or `burned` for a set-up that a session burned.
  func pairSetup(_ result: String) {
    Counter(label: "quorate_pair_setup_results_total", dimensions: [("result", result)], factory: factory).increment()
  }

  func keyGeneration(_ result: String) {
    Counter(label: "quorate_key_generations_total", dimensions: [("result", result)], factory: factory).increment()
  }
}
