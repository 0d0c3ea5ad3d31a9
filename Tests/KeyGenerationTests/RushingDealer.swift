import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
@testable import Rounds
import SecretSharing
import Secrets

@testable import KeyGeneration

/// A member that sends its opening last, when it has seen everybody else's, and otherwise looks honest: it echoes what
/// it sent and complains about nobody.
struct RushingDealer: Sendable {
  struct Choice {
    var opening: DealingOpening
    /// What it deals; nil for what an honest member would.
    var sealed: SealedShares?
  }

  /// What it opens and deals, knowing the openings of all others and its own honest attempt.
  let choose: @Sendable (KeyGenerationAttempt, [PartyID: DealingOpening], SessionContext) -> Choice
  /// Sends another's round 1 message instead of its own.
  var copiedCommitment: PartyID?
  /// Another number, another polynomial.
  var randomness: UInt64 = 0

  var corruption: KeyGenerationRun.Corruption {
    { order, mailbox, transport, random throws(ProtocolAbort) in
      var random = random.split(randomness)
      let context = order.context
      let session = ProtocolSession(context, mailbox: mailbox, transport: transport)
      let attempt = try KeyGenerationAttempt(order, from: &random)

      let commitments: [PartyID: DealingCommitment] = try await last(session, transport) { others in
        copiedCommitment.flatMap { others[$0] } ?? attempt.commitment
      }
      var choice: Choice?
      let openings: [PartyID: DealingOpening] = try await last(session, transport) { others in
        let chosen = choose(attempt, others, context)
        choice = chosen
        return chosen.opening
      }
      for (dealer, opening) in openings where dealer != context.me {
        _ = attempt.admit(opening, from: dealer, committed: commitments[dealer])
      }
      let honest = try attempt.sealedShares()
      let _: [PartyID: SealedShares] = try await last(session, transport) { _ in choice?.sealed ?? honest }
      let _: [PartyID: Verdict] = try await last(session, transport) { _ in attempt.verdict(against: []) }
      _ = try await session.publish(Confirmation(digest: .zero))
      throw .internalFault("the attacker keeps nothing")
    }
  }

  /// One echoed round in which this party speaks last.
  private func last<Message: RoundMessage>(
    _ session: ProtocolSession, _ transport: SimulatedTransport, _ choose: ([PartyID: Message]) -> Message
  ) async throws(ProtocolAbort) -> [PartyID: Message] {
    let context = session.context
    guard case .gathered(var payloads) = await session.mailbox.gather(Message.round, .broadcast, from: context.others)
    else { throw .cancelled }
    var messages: [PartyID: Message] = [:]
    for (party, payload) in payloads { messages[party] = try? Message(encoded: payload, in: context) }
    let mine = choose(messages)
    messages[context.me] = mine
    payloads[context.me] = mine.encoded
    let echo = BroadcastEcho(payloads, round: Message.round, in: context)
    for (channel, payload) in [(Channel.broadcast, mine.encoded), (.echo, echo.encoded)] {
      let envelope = Envelope(session: context.session, round: Message.round, channel: channel, payload: payload)
      for party in context.others { await transport.send(envelope, to: party) }
    }
    // Where members do not echo, nothing comes; nothing depends on it either.
    return messages
  }
}

extension RushingDealer {
  /// Looks like an honest dealer to each member, whatever it has to do for that.
  static func smooth(_ randomness: UInt64) -> RushingDealer {
    RushingDealer(choose: { attempt, _, _ in Choice(opening: attempt.opening) }, randomness: randomness)
  }

  /// Takes one root key for its own: its commitment is the wanted key less everybody else's.
  ///
  /// With as many recipients as a polynomial has coefficients besides the constant term it can choose the recipients'
  /// shares first and find the other coefficients "in the exponent", so that Feldman's check holds without its knowing
  /// the polynomial. That is so for three members.
  ///
  /// - Parameter secret: of the key it wants.
  static func rogue(wanting secret: UInt64) -> RushingDealer {
    RushingDealer(choose: { attempt, others, context in
      typealias G = Edwards25519
      let size = G.elementByteCount
      let recipients = context.others
      guard context.threshold.t == 3, recipients.count == 2 else { return Choice(opening: attempt.opening) }
      let target = G.generator.multiplied(by: G.Scalar(secret))
      let theirs = others.values.compactMap { try? G.Element(canonicalBytes: $0.offers[0].prefix(size)) }
      let constant = theirs.reduce(target) { $0 - $1 }

      // A₁ + x·A₂ = (share·G − A₀) / x at both recipients' x.
      let shares = [G.Scalar(1_000_003), G.Scalar(2_000_003)]
      let quotients = zip(recipients, shares).map { recipient, share in
        let inverse = (try? recipient.coordinate(in: G.self).inverted()) ?? .one
        return (G.generator.multiplied(by: share) - constant).multiplied(by: inverse)
      }
      let (x, y) = (recipients[0].coordinate(in: G.self), recipients[1].coordinate(in: G.self))
      let quadratic = (quotients[1] - quotients[0]).multiplied(by: (try? (y - x).inverted()) ?? .one)
      let linear = quotients[0] - quadratic.multiplied(by: x)
      let elements = [constant, linear, quadratic].flatMap(\.canonicalBytes)

      let proof = Array(attempt.opening.offers[0].dropFirst(3 * size))
      return Choice(
        opening: attempt.opening.with(offer: elements + proof, at: 0),
        sealed: attempt.sealing(shares.map(\.canonicalBytes), to: others, context))
    })
  }

  /// Says what another dealer says, byte for byte.
  static func copycat(of original: PartyID) -> RushingDealer {
    RushingDealer(
      choose: { attempt, others, _ in Choice(opening: others[original] ?? attempt.opening) },
      copiedCommitment: original)
  }
}

extension KeyGenerationAttempt {
  /// What this party would deal, but with these as the shares of the first root.
  fileprivate func sealing(
    _ replacements: [[UInt8]], to others: [PartyID: DealingOpening], _ context: SessionContext
  ) -> SealedShares? {
    guard let secret = verdict(against: context.others).complaint?.sealSecret else { return nil }
    let boxes = zip(context.others, replacements).map { recipient, replacement -> [UInt8] in
      guard let key = others[recipient]?.sealKey else { return [] }
      var shares = SecretBytes(zeroed: RootSlot.sharesByteCount)
      for (slot, root) in zip(RootSlot.all, roots) {
        shares.replaceBytes(at: slot.shareRange.lowerBound, with: root.share(of: recipient))
      }
      shares.replaceBytes(at: 0, with: replacement)
      let seal = ShareSeal(
        context: context, dealer: context.me, recipient: recipient, dealerKey: opening.sealKey, recipientKey: key)
      return seal.seal(shares, sharedSecret: SecretScalar<Ristretto255>(secret).sharedSecret(with: key))
    }
    return SealedShares(boxes: boxes)
  }
}
