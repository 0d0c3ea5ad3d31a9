public import Aggregation
public import Curves
public import Rounds
public import SecretSharing
public import Secrets

/// Threshold ECDSA (DKLs23, ePrint 2023/765) among the signers of one request: two rounds between them, and a third
/// message for the user.
public enum ECDSASigningProtocol {
  /// What the mailbox of a signing session accepts.
  public static func plan(in context: SessionContext) -> RoundPlan {
    RoundPlan(context).agreeing(on: NonceAnnouncement.self).dealing(MultiplicationOpening.self)
      .dealing(MultiplicationReply.self)
  }

  /// Takes part as one signer.
  ///
  /// The session's parties are the order's quorum; the share is this party's, and it is wiped when this returns. The
  /// echo of round 1 travels beside the messages of round 2.
  ///
  /// - Parameters:
  ///   - setups: with every other party of the quorum. After an abort those that burned say so.
  ///   - random: hedged in production, so that a failed or repeated generator still gives unrelated nonces.
  /// - Throws: ``Rounds/ProtocolAbort/sessionMismatch(_:)`` when another party was asked something else or means another
  ///   set-up, or the host retired one; nobody is to blame then, and no set-up burns.
  public static func sign(
    _ order: ECDSASigningOrder, share: consuming SecretShare<Secp256k1>, setups: [PartyID: PairSetup],
    in session: ProtocolSession, random: consuming some RandomSource
  ) async throws(ProtocolAbort) -> ECDSAContribution {
    var source = random
    let share = share
    return try await session.run { () async throws(ProtocolAbort) -> ECDSAContribution in
      let signer = try ECDSASigner(order, share: share, setups: setups, in: session.context, random: &source)
      let (announced, openings) = try await session.open(
        publishing: signer.announcement, dealing: signer.openings)
      try signer.checkAgreement(announced.messages, openings)
      let replies = try signer.reply(to: openings, random: &source)
      await session.echo(announced)
      let received = try await session.deal(replies)
      let agreed = try await session.confirm(announced)
      return try signer.finish(agreed, received)
    }
  }
}
