internal import Actions
internal import Synchronization
internal import Wire

/// What a run could not do together with the other nodes, for its user: the action is told that it failed, and not who
/// is held responsible.
final class ActionFailures: Sendable {
  private let failed = Mutex<[FailedOperation]>([])

  /// The first ones, in order.
  var all: [FailedOperation] { failed.withLock(\.self) }

  /// - Parameters:
  ///   - what: names for the action what failed.
  ///   - caller: whose label names it for the user.
  func refusal(_ what: String, _ exchange: FailedExchange, of caller: ActionCaller) -> OperationRefusal {
    if let operation = try? FailedOperation(operation: caller.label, outcome: exchange.outcome) {
      failed.withLock { if $0.count < WireLimits.failedOperations { $0.append(operation) } }
    }
    return OperationRefusal("\(what) failed: \(exchange.outcome.code.message)")
  }
}
