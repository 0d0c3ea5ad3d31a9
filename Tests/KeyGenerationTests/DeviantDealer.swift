import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing

@testable import KeyGeneration

/// A member that runs the protocol with changes of its own; what it does not change is done as the protocol says.
struct DeviantDealer: Sendable {
  /// Round 1 goes out as computed from the (changed) opening, unless this changes it.
  var commitment: @Sendable (DealingCommitment) -> DealingCommitment = { $0 }
  /// Changes the opening before it is committed to.
  var opening: @Sendable (DealingOpening) -> DealingOpening = { $0 }
  /// Changes the opening after everybody has committed.
  var lateOpening: @Sendable (DealingOpening) -> DealingOpening = { $0 }
  var sealed: @Sendable (SealedShares, SessionContext) -> SealedShares = { shares, _ in shares }
  /// Complains about these dealers, whatever they dealt.
  var accused: [PartyID] = []
  var verdict: @Sendable (Verdict) -> Verdict = { $0 }
  var confirmation: @Sendable (Confirmation) -> Confirmation = { $0 }

  var corruption: KeyGenerationRun.Corruption {
    { order, mailbox, transport, random throws(ProtocolAbort) in
      var random = random
      let session = ProtocolSession(order.context, mailbox: mailbox, transport: transport)
      let attempt = try KeyGenerationAttempt(order, from: &random)
      let committed = opening(attempt.opening)
      let honest = DealingCommitment(committed.commitment(of: order.context.me, in: order.context))
      let commitments = try await session.agree(on: commitment(honest))
      let openings = try await session.agree(on: lateOpening(committed))
      for (dealer, theirs) in openings.messages where dealer != order.context.me {
        _ = attempt.admit(theirs, from: dealer, committed: commitments.message(of: dealer))
      }
      let shares = try await session.agree(on: sealed(try attempt.sealedShares(), order.context))
      for (dealer, theirs) in shares.messages where dealer != order.context.me {
        _ = try attempt.receive(theirs, from: dealer)
      }
      _ = try await session.agree(on: verdict(attempt.verdict(against: accused)))
      let keys = try attempt.finish()
      let honestConfirmation = Confirmation(keys.body, openings, shares, in: order.context)
      _ = try await session.publish(confirmation(honestConfirmation))
      return keys
    }
  }
}

extension DealingOpening {
  func with(offer: [UInt8], at place: Int) -> DealingOpening {
    var offers = offers
    offers[place] = offer
    return DealingOpening(blinding: blinding, sealKey: sealKey, offers: offers)
  }
}
