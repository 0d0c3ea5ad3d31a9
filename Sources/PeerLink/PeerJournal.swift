import Attestation
import Identifiers
import Logging
import Metrics
import Synchronization

/// Logs and counts what becomes of connections. Names nodes, addresses and reasons; never contents.
struct PeerJournal: Sendable {
  enum Direction: String, Sendable {
    case incoming, outgoing
  }

  private let logger: Logger
  private let metrics: any MetricsFactory
  private let clock: any LocalClock
  private let problems = LastProblems()

  /// Strangers can be refused as often as they like: each reason is worth a line this often, the rest is counted.
  static let strangersInterval = Duration.seconds(10)

  init(logger: Logger, metrics: any MetricsFactory, clock: any LocalClock) {
    self.logger = logger
    self.metrics = metrics
    self.clock = clock
  }

  private func count(_ label: String, _ dimensions: [(String, String)] = []) {
    Counter(label: label, dimensions: dimensions, factory: metrics).increment()
  }

  func refused(_ refusal: HandshakeRefusal, node: NodeID?, address: String? = nil, direction: Direction) {
    count(
      "quorate_peer_handshakes_refused_total", [("reason", refusal.reason), ("direction", direction.rawValue)])
    let isNews =
      node.map { problems.record(refusal.reason, of: $0) }
      ?? problems.record(strangers: refusal.reason, at: clock.monotonicNow())
    // A member that is down is dialled every few seconds; once is enough in the log.
    logger.log(
      level: isNews ? .warning : .debug, "connection refused",
      metadata: [
        "reason": "\(refusal.reason)", "detail": "\(refusal.detail)", "direction": "\(direction.rawValue)",
        "node": "\(node?.text ?? "unknown")", "address": "\(address ?? "registry")",
      ])
  }

  func established(_ peer: AttestedPeer) {
    problems.forget(peer.node)
    count("quorate_peer_links_established_total")
    logger.info(
      "link established",
      metadata: [
        "node": "\(peer.node)", "instance": "\(peer.instance)", "evidence": "\(peer.evidence.kind)",
        "development": "\(peer.evidence.isDevelopment)",
      ])
  }

  func ended(_ node: NodeID, _ end: LinkEnd) {
    _ = problems.record(end.reason, of: node)
    count("quorate_peer_links_ended_total", [("reason", end.reason)])
    logger.log(
      level: end == .stopping ? .info : .warning, "link ended",
      metadata: ["node": "\(node)", "reason": "\(end.reason)"])
  }

  func renewedCertificate() {
    logger.info("certificate renewed")
  }

  func couldNotRenewCertificate(_ error: any Error) {
    count("quorate_certificate_renewals_failed_total")
    logger.error("certificate not renewed", metadata: ["error": "\(String(describing: type(of: error)))"])
  }

  func lastProblem(_ node: NodeID) -> String? { problems.last(node) }
}

private final class LastProblems: Sendable {
  private let reasons = Mutex<[NodeID: String]>([:])
  /// Reasons are a closed list, so these are few.
  private let strangers = Mutex<[String: Duration]>([:])

  /// - Returns: whether the reason is another than last time.
  func record(_ reason: String, of node: NodeID) -> Bool {
    reasons.withLock { $0.updateValue(reason, forKey: node) != reason }
  }

  /// - Returns: whether nobody unknown was refused for this reason lately.
  func record(strangers reason: String, at now: Duration) -> Bool {
    strangers.withLock { last in
      if let earlier = last[reason], now - earlier < PeerJournal.strangersInterval { return false }
      last[reason] = now
      return true
    }
  }

  func forget(_ node: NodeID) {
    reasons.withLock { $0[node] = nil }
  }

  func last(_ node: NodeID) -> String? { reasons.withLock { $0[node] } }
}
