internal import Identifiers
internal import SecretSharing
internal import Wire

/// Why an exchange came to nothing.
struct FailedExchange: Error {
  let outcome: FailedOutcome
}

extension FailedExchange {
  /// This node's own mistake.
  static var ours: FailedExchange { FailedExchange(outcome: FailedOutcome(code: .internalError)) }

  static func cheated(_ parties: [PartyID], _ quorum: QuorumParties) -> FailedExchange {
    let suspects = parties.compactMap { quorum.byParty[$0] }.map {
      FailedOutcome.Suspicion(node: $0, reason: .cheated)
    }
    return FailedExchange(outcome: FailedOutcome(code: .peerCheated, suspects: suspects))
  }
}
