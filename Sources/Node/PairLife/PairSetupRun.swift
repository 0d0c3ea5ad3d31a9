internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import ThresholdECDSA
internal import Transcripts
internal import Wire

/// One attempt at a pair set-up, from its derived session on.
struct PairSetupRun: Sendable {
  static let purpose = "ecdsa-pair-setup"

  /// For a peer that stays linked and says nothing; whoever loses the link ends the run at once.
  private static let wait = Duration.seconds(10)
  private static let deadline = Duration.seconds(30)
  private static let grace = Duration.milliseconds(250)

  let attempt: PairTable.Attempt
  let context: SessionContext
  private let order: PairSetupOrder
  let mailbox: Mailbox
  private let peer: PartyID
  private let keys: KeyShares

  var session: SessionID { context.session }

  /// Nil when the certificate does not know the two, or the registry is at another epoch.
  init?(_ attempt: PairTable.Attempt, _ keys: KeyShares, _ snapshot: MembershipSnapshot, _ setup: PairLifeSetup) {
    let certificate = keys.certificate
    guard snapshot.epoch == certificate.epoch, let peer = certificate.member(attempt.peer.node)?.party else {
      return nil
    }
    let inputs = NetworkSessionInputs(
      network: snapshot.network, epoch: snapshot.epoch, registryNumber: snapshot.number,
      registryDigest: snapshot.digest, purpose: Self.purpose,
      participants: [
        .init(node: setup.node, instance: setup.instance, nonce: attempt.own.bytes),
        .init(node: attempt.peer.node, instance: attempt.peer.instance, nonce: attempt.theirs.bytes),
      ])
    guard let parties = try? PartySet([keys.party, peer]),
      let order = try? PairSetupOrder(
        epoch: certificate.epoch, .init(party: keys.party, node: setup.node, instance: setup.instance),
        .init(party: peer, node: attempt.peer.node, instance: attempt.peer.instance)),
      let context = try? SessionContext(
        session: inputs.session, me: keys.party, parties: parties, threshold: certificate.threshold)
    else { return nil }
    self.attempt = attempt
    self.context = context
    self.order = order
    self.peer = peer
    self.keys = keys
    mailbox = Mailbox(context, PairSetupProtocol.plan(in: context))
  }

  /// - Returns: false for a frame of another session: the two nodes derived different ones.
  func deliver(_ frame: NetworkSessionFrame) -> Bool {
    guard frame.session == session else { return false }
    mailbox.deliver(Envelope(frame), from: peer)
    return true
  }

  /// Runs the protocol to its end or deadline.
  func run(_ setup: PairLifeSetup) async throws(ProtocolAbort) -> PairSetup {
    let keeper = DeadlineKeeper(
      clock: AnyClock(setup.clock), perWait: Self.wait, whole: Self.deadline, grace: Self.grace)
    let mailbox = mailbox
    let keeping = Task { await keeper.keep(mailbox) }
    defer { keeping.cancel() }
    var fresh = SystemRandom()
    let random = HedgedRandom(
      fresh: &fresh, longTermSecret: keys.longTermSecret(), session: session, instance: setup.instance,
      counter: setup.counter)
    let transport = NetworkTransport(nodes: [peer: attempt.peer.node], send: setup.send)
    return try await PairSetupProtocol.run(
      order, in: ProtocolSession(context, mailbox: mailbox, transport: transport), random: random)
  }
}
