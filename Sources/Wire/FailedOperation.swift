public import Identifiers

/// Something a node could not do together with the others for an action, and which of them it holds responsible. One
/// node's word.
public struct FailedOperation: Sendable, Hashable {
  /// Which of the run's operations: `signAndCombine#0`, or `call#1/sign#0` where a nested action asked for it.
  public let operation: String
  public let outcome: FailedOutcome

  /// - Throws: ``FormatError/invalid(_:)`` for a name over its limit, and for what is no such name.
  public init(operation: String, outcome: FailedOutcome) throws(FormatError) {
    guard operation.utf8.count <= WireLimits.nameOfOperation, Self.isLabel(operation) else {
      throw .invalid("operation")
    }
    self.operation = operation
    self.outcome = outcome
  }

  /// The same with those suspects only for which this holds.
  public func holdingResponsible(only holds: (NodeID) -> Bool) -> FailedOperation {
    FailedOperation(
      label: operation,
      outcome: FailedOutcome(code: outcome.code, suspects: outcome.suspects.filter { holds($0.node) }))
  }

  private init(label: String, outcome: FailedOutcome) {
    operation = label
    self.outcome = outcome
  }

  /// Whether it is `name#number`, or several of them joined by `/`: ASCII letters, then ASCII digits. One node's word is
  /// shown to people, so it has no room for anything else.
  private static func isLabel(_ text: String) -> Bool {
    let letters = [UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z")]
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
      let name = part.prefix { byte in letters.contains { $0.contains(byte) } }
      let rest = part.dropFirst(name.count)
      let number = rest.dropFirst()
      return !name.isEmpty && rest.first == UInt8(ascii: "#") && !number.isEmpty && number.allSatisfy(digits.contains)
    }
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
