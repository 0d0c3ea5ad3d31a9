import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
@testable import Rounds
import SecretSharing
import Secrets

@testable import KeyGeneration

/// A member that leaves out checks of the protocol, for the controls: an attack that fails against members must succeed
/// against these, else it shows nothing.
struct CarelessMember: Sendable {
  enum Check: Sendable, CaseIterable {
    /// That an opening is what was committed to in round 1.
    case openings
    case proofs
    /// That a share is consistent with its dealer's commitment.
    case shares
    /// That a complaint is true: without it the accused is blamed on the complainer's word.
    case complaints
    /// That everybody received the same broadcasts.
    case echoes
    case confirmations
  }

  let skipped: Set<Check>

  var member: KeyGenerationRun.Corruption {
    { order, mailbox, transport, random throws(ProtocolAbort) in
      var random = random
      let session = ProtocolSession(order.context, mailbox: mailbox, transport: transport)
      let attempt = try makeAttempt(order, &random)
      return try await session.run { () async throws(ProtocolAbort) -> PendingKeyShares in
        let me = order.context.me
        let commitments = try await everybodys(attempt.commitment, session)
        let openings = try await everybodys(attempt.opening, session)
        var judgement = Judgement()
        for (dealer, opening) in openings.messages where dealer != me {
          let committed =
            skipped.contains(.openings)
            ? DealingCommitment(opening.commitment(of: dealer, in: order.context))
            : commitments.message(of: dealer)
          if let fault = attempt.admit(opening, from: dealer, committed: committed) { judgement.blame(dealer, fault) }
        }
        try judgement.conclude()

        let sealed = try await everybodys(attempt.sealedShares(), session)
        var accused: [PartyID] = []
        for (dealer, shares) in sealed.messages where dealer != me {
          if try !attempt.receive(shares, from: dealer) { accused.append(dealer) }
        }
        let verdicts = try await everybodys(attempt.verdict(against: accused), session)
        for (complainer, verdict) in verdicts.messages {
          guard let complaint = verdict.complaint else { continue }
          if skipped.contains(.complaints) {
            for dealer in complaint.dealers { judgement.blame(dealer, .check(3, "share")) }
          } else {
            for (party, fault) in try attempt.judge(complaint, by: complainer, sealed) {
              judgement.blame(party, fault)
            }
          }
        }
        try judgement.conclude()

        let keys = try attempt.finish()
        let mine = Confirmation(keys.body, openings, sealed, in: order.context)
        for (party, theirs) in try await session.publish(mine) where theirs != mine {
          if !skipped.contains(.confirmations) { judgement.blame(party, .check(Confirmation.round, "confirmation")) }
        }
        try judgement.conclude()
        return keys
      }
    }
  }

  private func everybodys<Message: RoundMessage>(
    _ message: Message, _ session: ProtocolSession
  ) async throws(ProtocolAbort) -> Agreed<Message> {
    guard skipped.contains(.echoes) else { return try await session.agree(on: message) }
    let messages = try await session.publish(message).sorted { $0.key < $1.key }
    return Agreed(messages.map { (party: $0.key, message: $0.value) })
  }

  private func makeAttempt(
    _ order: KeyGenerationOrder, _ random: inout SeededRandom
  ) throws(ProtocolAbort) -> KeyGenerationAttempt {
    var roots: [any SharedRoot] = []
    do {
      for slot in RootSlot.all { roots.append(try makeRoot(slot, order.context, slot.purpose.group, &random)) }
    } catch {
      throw .internalFault("no roots")
    }
    return KeyGenerationAttempt(order, dealing: roots, from: &random)
  }

  private func makeRoot<G: PrimeOrderGroup>(
    _ slot: RootSlot, _ context: SessionContext, _ group: G.Type, _ random: inout SeededRandom
  ) throws(SharingError) -> any SharedRoot {
    CarelessRoot<G>(try GroupRoot<G>(slot, context, from: &random), context, skipped: skipped)
  }
}

/// A root that deals as it should and believes what it is dealt.
private final class CarelessRoot<G: PrimeOrderGroup>: SharedRoot {
  private let dealt: GroupRoot<G>
  private let context: SessionContext
  private let skipped: Set<CarelessMember.Check>
  private var commitments: [PartyID: FeldmanCommitment<G>] = [:]

  init(_ dealt: GroupRoot<G>, _ context: SessionContext, skipped: Set<CarelessMember.Check>) {
    self.dealt = dealt
    self.context = context
    self.skipped = skipped
    commitments[context.me] = commitment(in: dealt.offer)
  }

  var offer: [UInt8] { dealt.offer }

  func admit(_ offer: [UInt8], from dealer: PartyID) throws(OfferFlaw) {
    if !skipped.contains(.proofs) { try dealt.admit(offer, from: dealer) }
    guard let commitment = commitment(in: offer) else { throw .commitment }
    commitments[dealer] = commitment
  }

  func share(of party: PartyID) -> SecretBytes { dealt.share(of: party) }

  func isConsistent(_ share: borrowing SecretBytes, of party: PartyID, from dealer: PartyID) -> Bool {
    if skipped.contains(.shares) { return true }
    guard let commitment = commitments[dealer] else { return false }
    do {
      return try SecretShare(party: party, canonicalBytes: share).isConsistent(with: commitment)
    } catch {
      return false
    }
  }

  func sum(_ received: [ReceivedShares], in slot: RootSlot) throws(SharingError) -> RootOutcome {
    let commitment = try FeldmanCommitment.sum(context.parties.compactMap { commitments[$0] })
    var sum = try SecretShare<G>(party: context.me, canonicalBytes: dealt.share(of: context.me)).value.clone()
    for shares in received {
      guard let bytes = shares.bytes.copy(of: slot.shareRange) else { throw .malformed }
      // Reduced, not refused: this member takes any bytes for a share.
      var wide = SecretBytes(zeroed: SecretScalar<G>.wideByteCount)
      wide.replaceBytes(at: slot.isBigEndian ? wide.count - bytes.count : 0, with: bytes)
      sum = sum.adding(SecretScalar<G>.reducing(wide))
    }
    return RootOutcome(share: sum.canonicalBytes(), commitment: commitment.encodedElements)
  }

  private func commitment(in offer: [UInt8]) -> FeldmanCommitment<G>? {
    let size = G.elementByteCount
    let encoded = (0..<context.threshold.t).map { Array(offer.dropFirst($0 * size).prefix(size)) }
    return try? FeldmanCommitment(encodedElements: encoded, context.threshold)
  }
}

extension RootSlot {
  fileprivate var isBigEndian: Bool {
    switch purpose {
    case .ed25519Sign, .ristretto255Sign: false
    case .secp256k1FROST, .secp256k1Taproot, .secp256k1ECDSA, .bls12381IBE: true
    }
  }
}

extension KeyGenerationRun.Kept {
  /// Whether every share is what the certificate body says it is.
  var isConsistent: Bool {
    RootSlot.all.allSatisfy { slot in isConsistent(slot, in: slot.purpose.group) }
  }

  private func isConsistent<G: PrimeOrderGroup>(_ slot: RootSlot, in group: G.Type) -> Bool {
    guard let encoded = shares.body.roots[slot.purpose]?[slot.root],
      let commitment = try? FeldmanCommitment<G>(encodedElements: encoded, shares.body.threshold),
      let bytes = shares.secrets.copy(of: slot.shareRange)
    else { return false }
    do {
      return try SecretShare<G>(party: shares.party, canonicalBytes: bytes).isConsistent(with: commitment)
    } catch {
      return false
    }
  }
}
