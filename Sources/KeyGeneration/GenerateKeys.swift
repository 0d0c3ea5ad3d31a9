import Identifiers
import PublicKeys
public import Rounds
import SecretSharing
public import Secrets

/// Makes the root keys of all purposes among all members; each ends with a share of each and the body of the key
/// certificate (see <doc:KeyGeneration>).
///
/// - Parameters:
///   - mailbox: from ``KeyGenerationOrder/makeMailbox()``; the host delivers to it and closes it at its deadline.
///   - random: hedged in production, see `HedgedRandom`.
/// - Returns: shares that may be used for nothing until all members signed the certificate.
/// - Throws: ``ProtocolAbort``; all secrets of the attempt are wiped by then, and a new attempt takes a new session.
public func generateKeys(
  _ order: KeyGenerationOrder, mailbox: Mailbox, transport: some SessionTransport, random: inout some RandomSource
) async throws(ProtocolAbort) -> PendingKeyShares {
  let context = order.context
  let session = ProtocolSession(context, mailbox: mailbox, transport: transport)
  let attempt = try KeyGenerationAttempt(order, from: &random)
  return try await session.run { () async throws(ProtocolAbort) -> PendingKeyShares in
    // Round 1: commit, then round 2: open. Nobody's values depend on another's.
    let commitments = try await session.agree(on: attempt.commitment)
    let openings = try await session.agree(on: attempt.opening)
    var judgement = Judgement()
    for (dealer, opening) in openings.messages where dealer != context.me {
      if let fault = attempt.admit(opening, from: dealer, committed: commitments.message(of: dealer)) {
        judgement.blame(dealer, fault)
      }
      await Task.yield()
    }
    try judgement.conclude()

    // Round 3: deal. What a dealer gave to each is sealed to its recipient and known to all.
    let sealed = try await session.agree(on: attempt.sealedShares())
    var accused: [PartyID] = []
    for (dealer, shares) in sealed.messages where dealer != context.me {
      if try !attempt.receive(shares, from: dealer) { accused.append(dealer) }
      await Task.yield()
    }

    // Round 4: complain. Any complaint ends the attempt and names the dealer or the complainer.
    let verdicts = try await session.agree(on: attempt.verdict(against: accused))
    for (complainer, verdict) in verdicts.messages {
      guard let complaint = verdict.complaint else { continue }
      for (party, fault) in try attempt.judge(complaint, by: complainer, sealed) { judgement.blame(party, fault) }
    }
    try judgement.conclude()

    // Round 5: confirm. Only what everybody computed alike is kept.
    let keys = try attempt.finish()
    let mine = Confirmation(keys.body, openings, sealed, in: context)
    for (party, confirmation) in try await session.publish(mine) where confirmation != mine {
      judgement.blame(party, .check(Confirmation.round, "confirmation"))
    }
    try judgement.conclude()
    return keys
  }
}
