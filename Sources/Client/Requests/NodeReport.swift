import Identifiers
import Wire

/// What came of one request at one node.
enum NodeReport: Sendable, Hashable {
  case share(ShareOutcome)
  case sessionFailed(FailedOutcome)
  case refused(ErrorCode)
  case connection(ConnectionFailure)
  /// The node's own answer shows that it is at fault.
  case cheated(String)

  var trouble: NodeTrouble? {
    switch self {
    case .share: nil
    case .sessionFailed(let outcome): .sessionFailed(outcome.code)
    case .refused(let code): .refused(code)
    case .connection(.timedOut): .silent
    case .connection(let failure): .connection(failure)
    case .cheated(let what): .cheated(what)
    }
  }
}
