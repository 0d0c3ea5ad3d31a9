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
internal import ThresholdSchnorr
internal import Transcripts
internal import Wire

/// This node's part in one signature of a user: FROST with the quorum the request names.
struct Signing: Sendable {
  let authorized: AuthorizedOperation
  let keys: KeyShares
  let sessions: RequestSessions
  let clock: any LocalClock
  let limits: NodeLimits
  let counter: BootCounter

  /// Time for the notices of others before somebody is called missing.
  private static let grace = Duration.milliseconds(250)

  func sign(_ record: KeyRecord, _ message: [UInt8]) async -> ReplyOutcome {
    guard let suite = record.purpose.schnorrSuite else { return .failed(FailedOutcome(code: .internalError)) }
    return await sign(suite, record.key, message)
  }

  private func sign<S: CertifiedSchnorrSuite>(
    _ suite: S.Type, _ key: KeyID, _ message: [UInt8]
  ) async -> ReplyOutcome {
    guard let quorum = QuorumParties(authorized, keys.certificate) else {
      return .failed(FailedOutcome(code: .internalError))
    }
    do throws(SigningFailure) {
      let contribution = try await contribution(S.self, key, message, quorum)
      let commitments = contribution.commitments.commitments.map { entry in
        SignatureShareOutcome.Commitment(
          party: entry.party.value, hiding: entry.hiding.canonicalBytes, binding: entry.binding.canonicalBytes)
      }
      return .signatureShare(SignatureShareOutcome(commitments: commitments, share: contribution.share.encoded))
    } catch {
      return .failed(error.outcome(quorum))
    }
  }

  /// This node's share, and the commitments it was made for.
  func contribution<S: CertifiedSchnorrSuite>(
    _ suite: S.Type, _ keyID: KeyID, _ message: [UInt8], _ quorum: QuorumParties
  ) async throws(SigningFailure) -> SigningContribution<S> {
    let session = authorized.session(protocolName: "frost/\(S.purpose.rawValue)")
    let prepared: (order: SigningOrder<S>, context: SessionContext)
    do {
      let key = try keys.certificate.derivedKey(for: S.self, keyID: keyID)
      prepared = (
        try SigningOrder<S>(message: message, key: key, quorum: quorum.parties),
        try SessionContext(
          session: session, me: keys.party, parties: quorum.parties, threshold: keys.certificate.threshold)
      )
    } catch {
      throw .internalFault
    }
    let mailbox = Mailbox(prepared.context, SigningProtocol.plan(for: S.self, in: prepared.context))
    try await open(session, mailbox, quorum)
    let result = await conduct(prepared.context, mailbox, quorum) { session, random in
      let share = try keys.derivedShare(S.purpose, keyID: keyID, in: S.Group.self)
      return try await SigningProtocol.sign(prepared.order, share: share, in: session, random: random)
    }
    // Whatever the protocol gave: in a session others do not share, nothing leaves.
    if let node = await sessions.close(session) { throw .mismatch(with: node) }
    return try result.get()
  }

  func open(_ session: SessionID, _ mailbox: Mailbox, _ quorum: QuorumParties) async throws(SigningFailure) {
    let opening = RequestSessionTable.Opening(
      session: session, route: authorized.route, peers: quorum.others(than: authorized.replyContext.node),
      deadline: clock.monotonicNow() + limits.sessionDeadline)
    do throws(RequestSessionTable.OpeningRefusal) {
      try await sessions.open(opening, mailbox, parties: quorum.byNode)
    } catch {
      switch error {
      case .alreadyOpened: throw .internalFault
      case .mismatch(let node): throw .mismatch(with: node)
      }
    }
  }

  /// Runs a protocol in an open session, with the session's deadlines and randomness of its own.
  func conduct<Contribution: Sendable>(
    _ context: SessionContext, _ mailbox: Mailbox, _ quorum: QuorumParties,
    _ take: (ProtocolSession, HedgedRandom) async throws -> Contribution
  ) async -> Result<Contribution, SigningFailure> {
    let keeper = DeadlineKeeper(
      clock: AnyClock(clock), perWait: limits.roundDeadline, whole: limits.sessionDeadline, grace: Self.grace)
    let keeping = Task { await keeper.keep(mailbox) }
    defer { keeping.cancel() }
    let transport = RequestTransport(sessions: sessions, route: authorized.route, nodes: quorum.byParty)
    var fresh = SystemRandom()
    let random = HedgedRandom(
      fresh: &fresh, longTermSecret: keys.longTermSecret(), session: context.session,
      instance: authorized.replyContext.instance, counter: counter)
    do {
      return .success(try await take(ProtocolSession(context, mailbox: mailbox, transport: transport), random))
    } catch let abort as ProtocolAbort {
      return .failure(.aborted(abort, me: context.me))
    } catch {
      return .failure(.internalFault)
    }
  }
}

/// The nodes a request names, with the places the key certificate gives them.
struct QuorumParties: Sendable {
  let parties: PartySet
  let byParty: [PartyID: NodeID]
  let byNode: [NodeID: PartyID]
  private let instances: [NodeID: Instance]

  /// Nil when the certificate does not know one of them.
  init?(_ authorized: AuthorizedOperation, _ certificate: KeyCertificate) {
    var byNode: [NodeID: PartyID] = [:]
    var instances: [NodeID: Instance] = [:]
    for entry in authorized.quorum.entries {
      guard let member = certificate.member(entry.node) else { return nil }
      byNode[entry.node] = member.party
      instances[entry.node] = entry.instance
    }
    guard let parties = try? PartySet(byNode.values) else { return nil }
    self.parties = parties
    self.byNode = byNode
    self.instances = instances
    byParty = Dictionary(byNode.map { ($0.value, $0.key) }) { first, _ in first }
  }

  func others(than node: NodeID) -> Set<RequestSessionTable.Peer> {
    Set(instances.filter { $0.key != node }.map { RequestSessionTable.Peer(node: $0.key, instance: $0.value) })
  }
}

/// Why a session gave no share.
enum SigningFailure: Error, Sendable {
  case aborted(ProtocolAbort, me: PartyID)
  case mismatch(with: NodeID)
  case internalFault

  func outcome(_ quorum: QuorumParties) -> FailedOutcome {
    switch self {
    case .internalFault:
      return FailedOutcome(code: .internalError)
    case .mismatch(let node):
      return FailedOutcome(code: .sessionMismatch, suspects: [.init(node: node, reason: .disagreed)])
    case .aborted(let abort, let me):
      let suspects = abort.suspects(seenBy: me).compactMap { party, suspicion in
        quorum.byParty[party].map { FailedOutcome.Suspicion(node: $0, reason: .init(suspicion)) }
      }
      return FailedOutcome(code: abort.errorCode, suspects: suspects)
    }
  }
}

extension ProtocolAbort {
  fileprivate var errorCode: ErrorCode {
    switch self {
    case .blamed: .peerCheated
    case .missing: .peersMissing
    case .disagreement: .disagreement
    case .sessionMismatch: .sessionMismatch
    case .cancelled: .deadlineExceeded
    case .internalFault: .internalError
    }
  }
}

extension FailedOutcome.Reason {
  fileprivate init(_ suspicion: ProtocolAbort.Suspicion) {
    self =
      switch suspicion {
      case .cheated: .cheated
      case .missing: .missing
      case .disagreed: .disagreed
      }
  }
}
