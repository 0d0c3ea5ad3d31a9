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
  /// When answers are slower than this, somebody may be stuck and the others wait for them.
  static let unrest = Duration.milliseconds(500)

  private enum Event: Sendable {
    case report(NodeID, NodeReport)
    case settled
    case stuck(Set<NodeID>)
  }

  /// - Parameters:
  ///   - findStuck: which of these nodes do not react at all while the others do; asked once, after ``unrest``.
  ///   - judge: asked after every report; gets all of them.
  /// - Returns: the reports that came; a node without one was not waited for.
  func run(
    _ request: RequestInFlight, to connections: [PooledConnection], path: String,
    findStuck: @escaping @Sendable () async -> Set<NodeID>, judge: ([NodeID: NodeReport]) -> Verdict
  ) async -> [NodeID: NodeReport] {
    let clock = clock
    let timeout = timeout
    return await withTaskGroup(of: Event.self) { group in
      for pooled in connections {
        group.addTask {
          .report(pooled.node, await request.report(from: pooled.connection, path: path, timeout: timeout))
        }
      }
      group.addTask {
        guard (try? await clock.sleep(for: Self.unrest)) != nil else { return .stuck([]) }
        return .stuck(await findStuck())
      }
      var reports: [NodeID: NodeReport] = [:]
      var isSettling = false
      collecting: while reports.count < connections.count, let event = await group.next() {
        switch event {
        case .settled: break collecting
        case .report(let node, let report): reports[node] = report
        case .stuck(let nodes):
          for node in nodes where reports[node] == nil { reports[node] = .connection(.timedOut) }
        }
        switch judge(reports) {
        case .wait: continue
        case .stop: break collecting
        case .settle(let grace):
          guard !isSettling else { continue }
          isSettling = true
          group.addTask {
            try? await clock.sleep(for: grace)
            return .settled
          }
        }
      }
      group.cancelAll()
      return reports
    }
  }
}
