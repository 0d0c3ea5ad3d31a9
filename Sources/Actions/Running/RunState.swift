internal import ActionNames
import Synchronization

/// What all processes of one run share: counters, what was printed, the response.
final class RunState: Sendable {
  private struct Shared {
    var usage = ActionUsage()
    var logs = ""
    var response: String?
  }

  let limits: ActionLimits
  private let shared = Mutex(Shared())

  init(limits: ActionLimits) {
    self.limits = limits
  }

  var usage: ActionUsage { shared.withLock(\.usage) }
  var logs: String { shared.withLock(\.logs) }
  var response: String? { shared.withLock(\.response) }

  func count(_ costs: [ActionCost]) throws(ActionFailure) {
    if let limit = shared.withLock({ $0.usage.count(costs, within: limits) }) { throw .limit(limit) }
  }

  func log(_ text: String) throws(ActionFailure) {
    let fits = shared.withLock { shared in
      guard text.utf8.count <= limits.logs - shared.usage.logBytes else { return false }
      shared.usage.logBytes += text.utf8.count
      shared.logs += text
      return true
    }
    guard fits else { throw .limit(.logs) }
  }

  func respond(_ text: String) throws(ActionFailure) {
    guard text.utf8.count <= limits.response else { throw .limit(.response) }
    shared.withLock { $0.response = text }
  }
}
