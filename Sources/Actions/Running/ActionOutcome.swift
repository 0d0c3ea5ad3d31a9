public import ActionNames

/// What became of one run. Logs and response are for the user alone; they exist when the run failed, too.
public struct ActionOutcome: Sendable, Hashable {
  public let action: ActionID
  /// What the last `setResponse` said, nil without one.
  public let response: String?
  public let logs: String
  public let usage: ActionUsage
  /// Nil when the action ran to its end.
  public let failure: ActionFailure?
}

/// Why a run did not come to its end, by whose doing.
public enum ActionFailure: Error, Sendable, Hashable {
  /// The code threw. The text is for the user; it may hold anything the action saw.
  case code(String)
  /// The code wanted more than it may use.
  case limit(ActionLimit)
  /// The worker did what its script never does: it was taken over, or it broke.
  case worker(WorkerViolation)
  /// This machine could not run it.
  case world(WorkerStartFailure)
  /// Nobody wants the result any more.
  case cancelled
}
