import Identifiers
import Wire

/// A node's contribution to a result.
enum ShareOutcome: Sendable, Hashable {
  case signature(SignatureShareOutcome)
  case ecdsa(ECDSAShareOutcome)
  /// A BLS share: a G2 element, compressed.
  case decryption([UInt8])
  case execution(ExecutionOutcome)

  /// Whom the node caught lying while it ran an action.
  var accused: Set<NodeID> {
    guard case .execution(let outcome) = self else { return [] }
    return Set(
      outcome.failedOperations.flatMap(\.outcome.suspects).filter { $0.reason == .cheated }.map(\.node))
  }
}
