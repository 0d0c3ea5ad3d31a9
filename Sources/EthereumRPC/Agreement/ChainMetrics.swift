public import Metrics

/// Counts what becomes of endpoints. Names them as the operator does; no URL, nothing they sent.
public struct ChainMetrics: Sendable {
  private let factory: any MetricsFactory

  public init(factory: any MetricsFactory = MetricsSystem.factory) {
    self.factory = factory
  }

  private func count(_ label: String, _ dimensions: [(String, String)]) {
    Counter(label: label, dimensions: dimensions, factory: factory).increment()
  }

  /// An endpoint is asked something; nothing a user's request causes ever is.
  func asked(_ endpoint: String) {
    count("quorate_chain_questions_total", [("endpoint", endpoint)])
  }

  /// An endpoint said other than what was agreed or proved.
  func contradicted(_ endpoint: String, about question: ChainQuestion) {
    count("quorate_chain_contradictions_total", [("endpoint", endpoint), ("about", question.rawValue)])
  }

  /// Too few said the same, so that nothing was believed.
  func disagreed(about question: ChainQuestion) {
    count("quorate_chain_disagreements_total", [("about", question.rawValue)])
  }

  func failed(_ endpoint: String, _ failure: RPCFailure) {
    count("quorate_chain_endpoint_failures_total", [("endpoint", endpoint), ("reason", failure.reason)])
  }

  func lagging(_ endpoint: String) {
    count("quorate_chain_endpoint_lags_total", [("endpoint", endpoint)])
  }

  public func refused(_ trouble: ChainTrouble) {
    count("quorate_chain_refusals_total", [("reason", trouble.reason)])
  }

  public func read(block number: UInt64, headAge seconds: Int64) {
    Gauge(label: "quorate_chain_block", factory: factory).record(number)
    Gauge(label: "quorate_chain_head_age_seconds", factory: factory).record(seconds)
  }
}
