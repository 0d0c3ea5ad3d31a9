import Identifiers
import Wire

/// What nodes could not do together for an action, and whom each of them holds responsible.
struct FailedOperationsText {
  private let entries: [(node: NodeID, operation: FailedOperation)]

  init(_ failed: [NodeID: [FailedOperation]]) {
    entries = failed.sorted { $0.key < $1.key }.flatMap { node, operations in operations.map { (node, $0) } }
  }

  /// For people: one line for each operation of each node.
  var lines: [String] {
    entries.map { node, failed in
      let message = "\(node): \(failed.operation) failed: \(failed.outcome.code.message)"
      let suspects = failed.outcome.suspects.map { "\($0.node) \(Self.words($0.reason))" }
      return ([message] + suspects).joined(separator: "\n  it says that ")
    }
  }

  var json: [JSONValue] {
    entries.map { node, failed in
      let suspects = failed.outcome.suspects.map { suspicion in
        JSONValue.object([
          JSONMember("node", .text(suspicion.node)), JSONMember("reason", .string(suspicion.reason.rawValue)),
        ])
      }
      return .object([
        JSONMember("node", .text(node)), JSONMember("operation", .string(failed.operation)),
        JSONMember("code", .string(failed.outcome.code.rawValue)), JSONMember("suspects", .array(suspects)),
      ])
    }
  }

  private static func words(_ reason: FailedOutcome.Reason) -> String {
    switch reason {
    case .cheated: "misbehaved"
    case .missing: "did not answer in time"
    case .disagreed: "said something else"
    }
  }
}
