internal import Aggregation
internal import Authorization
internal import Curves
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import Signatures
internal import ThresholdECDSA
internal import Transcripts
internal import Wire

/// This node's part in one ECDSA signature of a user: DKLs23 with the quorum the request names.
///
/// The session id is a hash of request, operation, key, epoch, certificate and quorum, so it is also what all signers
/// agree on. Nothing but the pair set-ups outlives a session: there are no presignatures.
struct ECDSASigning: Sendable {
  static let protocolName = "dkls23/secp256k1-ecdsa"

  let signing: Signing
  let pairs: PairLife

  private var authorized: AuthorizedOperation { signing.authorized }
  private var keys: KeyShares { signing.keys }
  private var limits: NodeLimits { signing.limits }

  func sign(_ record: KeyRecord, _ message: [UInt8]) async -> ReplyOutcome {
    guard let quorum = QuorumParties(authorized, keys.certificate), let digest = try? Digest32(bytes: message) else {
      return .failed(FailedOutcome(code: .internalError))
    }
    do throws(SigningFailure) {
      let contribution = try await contribution(record.key, digest, quorum)
      return .ecdsaShare(
        ECDSAShareOutcome(
          noncePoint: contribution.noncePoint.canonicalBytes, u: contribution.denominator.canonicalBytes,
          w: contribution.numerator.canonicalBytes))
    } catch {
      return .failed(error.outcome(quorum))
    }
  }

  /// This node's part of the signature.
  func contribution(
    _ keyID: KeyID, _ digest: Digest32, _ quorum: QuorumParties
  ) async throws(SigningFailure) -> ECDSAContribution {
    let session = authorized.session(protocolName: Self.protocolName)
    let prepared: (order: ECDSASigningOrder, context: SessionContext)
    do {
      let key = try keys.certificate.derivedKey(.secp256k1ECDSA, keyID: keyID, in: Secp256k1.self)
      prepared = (
        try ECDSASigningOrder(
          digest: digest, key: key, quorum: quorum.parties, agreement: Digest32(bytes: session.bytes)),
        try SessionContext(
          session: session, me: keys.party, parties: quorum.parties, threshold: keys.certificate.threshold)
      )
    } catch {
      throw .internalFault
    }
    let mailbox = Mailbox(prepared.context, ECDSASigningProtocol.plan(in: prepared.context))
    try await signing.open(session, mailbox, quorum)
    // Others wait for this node's first message no longer than a round, and then hear why it did not come.
    let peers = quorum.others(than: authorized.replyContext.node)
    let held = await pairs.hold(peers, within: limits.roundDeadline / 2)
    let result = await perform(prepared.order, keyID, prepared.context, mailbox, quorum, held)
    await pairs.release(held)
    if let node = await signing.sessions.close(session) { throw .mismatch(with: node) }
    return try result.get()
  }

  private func perform(
    _ order: ECDSASigningOrder, _ keyID: KeyID, _ context: SessionContext, _ mailbox: Mailbox,
    _ quorum: QuorumParties, _ held: PairLife.Held
  ) async -> Result<ECDSAContribution, SigningFailure> {
    var setups: [PartyID: PairSetup] = [:]
    for (node, setup) in held.setups {
      if let party = quorum.byNode[node] { setups[party] = setup }
    }
    let missing = held.missing.compactMap { quorum.byNode[$0] }
    return await signing.conduct(context, mailbox, quorum) { [setups] session, random in
      guard missing.isEmpty else { throw await stop(session, missing) }
      let share = try keys.derivedShare(.secp256k1ECDSA, keyID: keyID, in: Secp256k1.self)
      return try await ECDSASigningProtocol.sign(order, share: share, setups: setups, in: session, random: random)
    }
  }

  /// Tells the others that this node has no set-up with these, so that they take neither for silent.
  private func stop(_ session: ProtocolSession, _ missing: [PartyID]) async -> ProtocolAbort {
    let abort = ProtocolAbort.missing(round: 1, missing.sorted())
    do throws(ProtocolAbort) {
      try await session.run { () async throws(ProtocolAbort) -> Void in throw abort }
    } catch {
      return error
    }
    return abort
  }
}
