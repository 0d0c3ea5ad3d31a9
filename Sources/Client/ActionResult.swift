public import ActionNames
public import Identifiers
public import Wire

/// What a quorum agrees an action came to, its signatures combined and verified.
public struct ActionResult: Sendable, Hashable {
  public let action: ActionID
  /// What every node of the quorum says it answered; nil when it answered nothing.
  public let response: String?
  /// Why it did not come to its end, as every node says; nil when it did.
  public let failure: ExecutionOutcome.Failure?
  /// By the names the action gave them. Which key signed is the action's choice: look at it.
  public let signatures: [String: FinishedSignature]
  /// What it printed on each node. Each is one node's word.
  public let logs: [NodeID: String]
  /// What it used on each node. Each is one node's word.
  public let usage: [NodeID: ExecutionUsage]
  /// What each node could not do together with the others, and whom it holds responsible; only nodes of which there is
  /// any. Each is one node's word: of accuser and accused one may be lying.
  public let failedOperations: [NodeID: [FailedOperation]]

  init(
    action: ActionID, response: String?, failure: ExecutionOutcome.Failure?,
    signatures: [String: FinishedSignature], logs: [NodeID: String], usage: [NodeID: ExecutionUsage],
    failedOperations: [NodeID: [FailedOperation]]
  ) {
    self.action = action
    self.response = response
    self.failure = failure
    self.signatures = signatures
    self.logs = logs
    self.usage = usage
    self.failedOperations = failedOperations
  }
}
