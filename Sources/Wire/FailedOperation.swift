import Identifiers

/// Something a node could not do together with the others for an action, and which of them it holds responsible. One
/// node's word.
public struct FailedOperation: Sendable, Hashable {
  /// Which of the run's operations: `signAndCombine#0`, or `call#1/sign#0` where a nested action asked for it.
  public let operation: String
  public let outcome: FailedOutcome

  /// - Throws: ``FormatError/invalid(_:)`` for a name over its limit.
  public init(operation: String, outcome: FailedOutcome) throws(FormatError) {
    guard operation.utf8.count <= WireLimits.nameOfOperation else { throw .invalid("operation") }
    self.operation = operation
    self.outcome = outcome
  }
}

extension FailedOperation {
  /// `{"operation", "failed"}`, the latter as the outcome of a request.
  init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    let operation = try fields.string("operation", limit: WireLimits.nameOfOperation)
    var failed = try fields.object("failed")
    let outcome = try FailedOutcome(&failed)
    try fields.finish()
    try self.init(operation: operation, outcome: outcome)
  }

  var json: JSONValue {
    .object([JSONMember("operation", .string(operation)), JSONMember("failed", outcome.json)])
  }
}
