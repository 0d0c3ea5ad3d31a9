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
    suspects(.cheated)
  }

  /// Who did not answer the node in time while it ran an action.
  var missed: Set<NodeID> {
    suspects(.missing)
  }

  /// Whether there is anything the node could not do together with the others while it ran an action.
  var hasFailedOperations: Bool {
    guard case .execution(let outcome) = self else { return false }
    return !outcome.failedOperations.isEmpty
  }

  private func suspects(_ reason: FailedOutcome.Reason) -> Set<NodeID> {
    guard case .execution(let outcome) = self else { return [] }
    return Set(outcome.failedOperations.flatMap(\.outcome.suspects).filter { $0.reason == reason }.map(\.node))
  }
}
