import Identifiers
import Wire

/// Sends one request to every node of its quorum at once and listens until there is nothing more to wait for.
struct FanOut: Sendable {
  enum Verdict: Sendable, Equatable {
    case wait
    /// The outcome is clear; others may still say something useful for this long.
    case settle(Duration)
    case stop
  }

  let clock: any LocalClock
  /// How long a node may take to answer.
  let timeout: Duration

  /// - Parameter judge: asked after every report; gets all of them.
  /// - Returns: the reports that came; a node without one was not waited for.
  func run(
    _ request: RequestInFlight, to connections: [PooledConnection], path: String,
    judge: ([NodeID: NodeReport]) -> Verdict
  ) async -> [NodeID: NodeReport] {
    let clock = clock
    let timeout = timeout
    return await withTaskGroup(of: (NodeID, NodeReport)?.self) { group in
      for pooled in connections {
        group.addTask { (pooled.node, await request.report(from: pooled.connection, path: path, timeout: timeout)) }
      }
      var reports: [NodeID: NodeReport] = [:]
      var isSettling = false
      while reports.count < connections.count, let event = await group.next(), let (node, report) = event {
        reports[node] = report
        switch judge(reports) {
        case .wait: continue
        case .stop: break
        case .settle(let grace):
          guard !isSettling else { continue }
          isSettling = true
          group.addTask {
            try? await clock.sleep(for: grace)
            return nil
          }
          continue
        }
        break
      }
      group.cancelAll()
      return reports
    }
  }
}
