internal import CoreMetrics

/// What one listener counts. Routes are those of our own table; nothing a sender chose is a name or dimension.
struct HTTPMetrics: Sendable {
  private let factory: any MetricsFactory
  private let listener: String
  private let connections: Meter

  init(factory: any MetricsFactory, listener: String) {
    self.factory = factory
    self.listener = listener
    connections = Meter(label: "quorate_http_connections", dimensions: [("listener", listener)], factory: factory)
  }

  func connections(_ count: Int) { connections.set(count) }

  func refusedConnection(_ reason: OpenConnections.Refusal) {
    count("quorate_http_connections_refused_total", [("reason", reason.rawValue)])
  }

  func cut(_ wait: HTTPDeadlines.Wait) {
    count("quorate_http_connections_cut_total", [("waiting", wait.rawValue)])
  }

  func answered(_ route: String, status: Int, after duration: Duration) {
    count("quorate_http_requests_total", [("route", route), ("status", String(status))])
    let timer = Timer(
      label: "quorate_http_request_seconds", dimensions: [("listener", listener), ("route", route)], factory: factory)
    timer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
  }

  private func count(_ label: String, _ dimensions: [(String, String)]) {
    Counter(label: label, dimensions: [("listener", listener)] + dimensions, factory: factory).increment()
  }
}
