internal import Identifiers
internal import KeyGeneration
internal import Logging
internal import Membership
internal import PeerLink
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import Transcripts
internal import Vault
internal import Wire

/// The keys of the present epoch at this node: generated with all members, certified, kept, and handed to ``Standing``.
///
/// Nobody starts a key generation at another node. Each sees in its own registry view that the epoch has no keys,
/// announces a nonce, and begins once it has a nonce of every member.
actor KeyLife {
  /// Between two attempts: doubles from the first to the second, with jitter.
  static let backOff = (first: Duration.milliseconds(500), last: Duration.seconds(15))

  /// Everything about the epoch at hand; replaced when the epoch or its members change.
  struct Work: Sendable {
    /// Told from that of an earlier epoch, whose tasks may still report.
    let number: Int
    /// As the registry lists them, or those the shares in the vault were made with.
    var members: EpochMembers
    /// The certificate digest the registry named when this began.
    let registered: Digest32?
    var exchange: NonceExchange?
    var early = EarlyNetworkFrames()
    var run: KeyGenerationRun?
    /// What members who were done first said while this node's run was still going on.
    var words: [PartyID: EarlyWord] = [:]
    var ceremony: CertificateCeremony?
    /// What the operator was told; members can cause the same finding as often as they like.
    var findings: Set<CertificateCeremony.Finding> = []
    var failures = 0
    var problem: String?
    /// While the vault is read: what members say meanwhile is kept for afterwards.
    var isLoading = true
  }

  let setup: KeyLifeSetup
  var work: Work?
  var links: [NodeID: AttestedPeer] = [:]
  /// Shares of the last run until they are on disk.
  var unkept: SecretBytes?
  /// Active shares until the ceremony says that they may be used.
  var made: KeyShares?
  private var workCount = 0
  /// Frames that came before there was anything to hold them against.
  private var waiting = WaitingFrames()
  private var attempt: Task<Void, Never>?

  init(_ setup: KeyLifeSetup) {
    self.setup = setup
  }

  var status: NodeStatus.Keys {
    guard let work else { return NodeStatus.Keys(state: .none) }
    var keys = NodeStatus.Keys(
      state: .unusable, attempt: Int(work.exchange?.own.attempt ?? 0), problem: work.problem)
    if let certificate = setup.standing.keys?.certificate {
      keys.state = .active
      keys.certificate = certificate.digest
      keys.isRegistered =
        setup.membership.current?.certificateDigest(of: certificate.epoch) == certificate.digest
    } else if let ceremony = work.ceremony {
      keys.state = ceremony.phase == .halted ? .unusable : .certifying
      keys.missing = work.members.others(than: setup.node).filter { links[$0] == nil }.sorted()
    } else if work.run != nil {
      keys.state = .generating
    } else if let exchange = work.exchange {
      keys.state = .waiting
      keys.missing = exchange.missing
    }
    return keys
  }

  /// Follows the registry until its task is cancelled.
  func run() async {
    for await snapshot in setup.membership.updates {
      await follow(snapshot)
    }
    await setup.clock.idle()
    stop()
  }

  func stop() {
    attempt?.cancel()
    attempt = nil
  }

  // MARK: Epochs

  func follow(_ snapshot: MembershipSnapshot) async {
    guard let members = EpochMembers(snapshot), members.parties[setup.node] != nil else {
      // A member that left keeps its shares on disk, and serves nothing since it is no member.
      if work?.members.epoch != snapshot.epoch { await begin(nil, snapshot) }
      return
    }
    if let work, work.members.epoch == snapshot.epoch {
      // The members of an epoch whose shares exist are those of its certificate.
      let isSettled = work.ceremony != nil || setup.standing.keys != nil
      let isSame = work.members == members && work.registered == snapshot.certificateDigest
      if isSettled || isSame { return }
    }
    await begin(members, snapshot)
  }

  private func begin(_ members: EpochMembers?, _ snapshot: MembershipSnapshot) async {
    attempt?.cancel()
    attempt = nil
    unkept = nil
    made = nil
    setup.standing.use(nil)
    workCount += 1
    guard let members else {
      work = nil
      return
    }
    let number = workCount
    work = Work(number: number, members: members, registered: snapshot.certificateDigest)
    do {
      if try await !restore(members, snapshot, number) {
        try await announceFirst(members, snapshot, number)
      }
    } catch {
      guard work?.number == number else { return }
      work?.problem = Self.text(error)
      setup.logger.error("keys are unusable", metadata: ["problem": "\(Self.text(error))"])
    }
    guard work?.number == number else { return }
    work?.isLoading = false
    for (frame, peer) in waiting.take() { await receive(frame, from: peer) }
  }

  private func announceFirst(
    _ members: EpochMembers, _ snapshot: MembershipSnapshot, _ number: Int
  ) async throws(VaultError) {
    let signed = try await setup.vault.signedCertificate(epoch: members.epoch)
    guard work?.number == number else { return }
    guard snapshot.certificateDigest == nil, signed == nil else {
      // This is where a node that came back without memory will ask its peers for its shares.
      work?.problem = setup.memory.problemWithoutShares
      return
    }
    work?.exchange = NonceExchange(others: members.others(than: setup.node), nonce: Self.freshNonce())
    await carryOut([.announce])
  }

  // MARK: Links

  func connected(_ peer: AttestedPeer) async {
    links[peer.node] = peer
    if let actions = work?.exchange?.connected(peer.node, instance: peer.instance) { await carryOut(actions) }
    await sayAgain(to: peer)
  }

  func disconnected(_ peer: AttestedPeer) {
    guard links[peer.node]?.instance == peer.instance else { return }
    links[peer.node] = nil
    // What was on its way is lost and a run needs every message: nobody has to wait for its deadline.
    if let run = work?.run, run.instances[peer.node] == peer.instance { run.mailbox.close() }
  }

  func receive(_ frame: PeerFrame, from peer: AttestedPeer) async {
    guard let work, !work.isLoading else { return waiting.keep(frame, from: peer) }
    guard let party = work.members.parties[peer.node] else { return }
    switch frame {
    case .networkNonce(let frame):
      guard frame.epoch == work.members.epoch, frame.purpose == KeyGenerationRun.purpose else { return }
      await hear(frame, from: peer, party)
    case .networkSession(let frame):
      if let run = work.run {
        if run.deliver(frame, from: peer) { return }
      } else if work.exchange == nil || work.ceremony != nil {
        return
      }
      self.work?.early.keep(frame, from: peer)
    case .certificateAcknowledgement(let frame):
      guard frame.epoch == work.members.epoch else { return }
      await feedOrDeny(.acknowledged(party, frame.digest), frame.digest, to: peer)
    case .certificateSignature(let frame):
      guard frame.epoch == work.members.epoch else { return }
      await feedOrDeny(.signed(party, frame.signature), frame.digest, to: peer)
    case .certificateAbsence(let frame):
      guard frame.epoch == work.members.epoch else { return }
      await feed(.declaredNone(party, frame.digest))
    case .certificateRequest(let epoch):
      guard let certificate = setup.standing.keys?.certificate, certificate.epoch == epoch else { return }
      await setup.send(.certificate(CertificateFrame(epoch: epoch, encoded: certificate.encoded)), peer.node)
    case .certificate(let frame):
      await take(frame, from: party)
    case .session, .want:
      return
    }
  }

  /// To be called every few seconds: says again what may have been lost.
  func remind() async {
    guard let work, !work.isLoading else { return }
    if let actions = work.exchange?.remind() { await carryOut(actions) }
    switch work.ceremony?.phase {
    case .acknowledging, .signing:
      for peer in links.values { await sayAgain(to: peer) }
    default: break
    }
  }

  /// Where only signatures are missing, also asks for a certificate that has them: a member may have shown its own to
  /// some and not to others.
  private func sayAgain(to peer: AttestedPeer) async {
    if let party = work?.members.parties[peer.node] { await feed(.connected(party)) }
    if work?.ceremony?.phase == .signing, let epoch = work?.members.epoch {
      await setup.send(.certificateRequest(epoch: epoch), peer.node)
    }
  }

  // MARK: Attempts

  private func hear(_ frame: NetworkNonceFrame, from peer: AttestedPeer, _ party: PartyID) async {
    let nonce = NonceExchange.Nonce(attempt: frame.attempt, value: frame.nonce)
    if let actions = work?.exchange?.hear(
      nonce, from: peer.node, instance: peer.instance, fresh: Self.freshNonce)
    {
      await carryOut(actions)
    }
    // It looks for keys this node has shares of already, and does not know.
    await feed(.connected(party))
  }

  private func carryOut(_ actions: [NonceExchange.Action]) async {
    guard let work, let exchange = work.exchange else { return }
    let frame = PeerFrame.networkNonce(
      NetworkNonceFrame(
        epoch: work.members.epoch, purpose: KeyGenerationRun.purpose, attempt: exchange.own.attempt,
        nonce: exchange.own.value))
    for action in actions {
      switch action {
      case .announce:
        for node in work.members.others(than: setup.node).sorted() { await setup.send(frame, node) }
      case .tell(let node):
        await setup.send(frame, node)
      case .begin:
        // Others wait for this node's nonce as it waited for theirs.
        beginAttempt()
      }
    }
  }

  private func beginAttempt() {
    guard let work, work.run == nil, let exchange = work.exchange, let nonces = exchange.complete else { return }
    let number = work.number
    guard let run = makeRun(work.members, exchange, nonces) else {
      retry(number)
      return
    }
    self.work?.run = run
    for (frame, peer) in self.work?.early.take() ?? [] { _ = run.deliver(frame, from: peer) }
    setup.logger.info(
      "key generation begins", metadata: ["attempt": "\(exchange.own.attempt)", "epoch": "\(work.members.epoch)"])
    attempt = Task { await self.perform(run, number) }
  }

  private func makeRun(
    _ members: EpochMembers, _ exchange: NonceExchange,
    _ nonces: [NodeID: (instance: Instance, nonce: Digest32)]
  ) -> KeyGenerationRun? {
    guard let snapshot = setup.membership.current, EpochMembers(snapshot) == members else { return nil }
    var instances = nonces.mapValues(\.instance)
    instances[setup.node] = setup.instance
    var participants = nonces.map { node, entry in
      NetworkSessionInputs.Participant(node: node, instance: entry.instance, nonce: entry.nonce.bytes)
    }
    participants.append(
      .init(node: setup.node, instance: setup.instance, nonce: exchange.own.value.bytes))
    let inputs = NetworkSessionInputs(
      network: snapshot.network, epoch: snapshot.epoch, registryNumber: snapshot.number,
      registryDigest: snapshot.digest, purpose: KeyGenerationRun.purpose, participants: participants)
    guard
      let order = try? KeyGenerationOrder(
        session: inputs.session, network: snapshot.network, epoch: snapshot.epoch, members: members.certified,
        node: setup.node)
    else { return nil }
    return KeyGenerationRun(order, members: members, instances: instances)
  }

  private func perform(_ run: KeyGenerationRun, _ number: Int) async {
    let nodes = work?.members.nodes ?? [:]
    do throws(ProtocolAbort) {
      let pending = try await run.run(setup, nodes: nodes)
      guard work?.number == number else { return }
      setup.metrics.keyGeneration("finished")
      await certify(pending)
    } catch {
      guard work?.number == number else { return }
      report(error, nodes)
      await attemptFailed(number)
    }
  }

  private func report(_ abort: ProtocolAbort, _ nodes: [PartyID: NodeID]) {
    setup.metrics.keyGeneration("failed")
    guard let me = work?.members.parties[setup.node] else { return }
    let suspects = abort.suspects(seenBy: me).compactMap { party, suspicion in
      nodes[party].map { "\($0) \(suspicion)" }
    }
    setup.logger.warning(
      "key generation failed", metadata: ["suspects": "\(suspects.sorted().joined(separator: ", "))"])
  }

  func retry(_ number: Int) {
    attempt = Task { await self.attemptFailed(number) }
  }

  /// Waits a little and announces the next attempt.
  private func attemptFailed(_ number: Int) async {
    guard work?.number == number else { return }
    work?.run = nil
    await denyEarlyWords()
    let failures = work?.failures ?? 0
    work?.failures = failures + 1
    let longest = min(Self.backOff.first * (1 << min(failures, 8)), Self.backOff.last)
    do { try await setup.clock.sleep(for: longest * Double.random(in: 0.5...1)) } catch { return }
    guard work?.number == number else { return }
    if let actions = work?.exchange?.failed(fresh: Self.freshNonce) { await carryOut(actions) }
  }

  static func freshNonce() -> Digest32 {
    var random = SystemRandom()
    return Digest32.sha256(of: random.bytes(32))
  }

  static func text(_ error: any Error) -> String { String(describing: error) }
}
