internal import Identifiers
internal import KeyGeneration
internal import Logging
internal import Membership
internal import PeerLink
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import ThresholdECDSA
internal import Wire

/// The set-ups for threshold ECDSA that this node shares with every other member of the epoch, in memory only; carries
/// out what ``PairTable`` decides.
///
/// Nobody starts a set-up at another node. Each sees that it has keys of the epoch and a link, announces a nonce, and
/// begins once it has the other's. A set-up dies with either process, with the epoch, and with the other's membership or
/// identity key; it outlives a link.
actor PairLife {
  private static let interval = Duration.milliseconds(200)
  private static let reminderRounds = 15
  private static let pollInterval = Duration.milliseconds(10)

  private struct Work: Sendable {
    let keys: KeyShares
    var table: PairTable
  }

  private let setup: PairLifeSetup
  private var work: Work?
  private var links: [NodeID: AttestedPeer] = [:]
  private var runs: [NodeID: PairSetupRun] = [:]
  private var setups: [NodeID: PairSetup] = [:]

  init(_ setup: PairLifeSetup) {
    self.setup = setup
  }

  var counts: PairTable.Counts { work?.table.counts(at: now) ?? PairTable.Counts() }

  private var now: Duration { setup.clock.monotonicNow() }

  // MARK: Life

  /// Follows keys, registry and time until its task is cancelled.
  func run() async {
    var rounds = 0
    while (try? await setup.clock.sleep(for: Self.interval)) != nil {
      rounds += 1
      await advance()
      if rounds.isMultiple(of: Self.reminderRounds), let actions = work?.table.remind() { await carryOut(actions) }
      setup.metrics.pairSetups(counts)
    }
    stop()
  }

  /// Wipes everything.
  func stop() {
    for run in runs.values { run.mailbox.close() }
    for setup in setups.values { setup.retire() }
    runs = [:]
    setups = [:]
    work = nil
  }

  private func advance() async {
    guard let keys = setup.standing.keys else { return stop() }
    // Without a view nothing is decided; nothing is served either.
    guard let snapshot = setup.membership.current else { return }
    guard snapshot.epoch == keys.certificate.epoch else { return stop() }
    if work?.keys.certificate.digest != keys.certificate.digest {
      stop()
      let others = Set(keys.certificate.members.map(\.node)).subtracting([setup.node])
      work = Work(keys: keys, table: PairTable(others: others))
    }
    var actions: [PairTable.Action] = []
    for node in work?.table.others ?? [] {
      let certified = keys.certificate.member(node)?.identityKey
      guard let certified, snapshot.eligibleMember(node)?.identityKey == certified else {
        actions += work?.table.excluded(node) ?? []
        continue
      }
      guard let peer = links[node], peer.identityKey == certified else { continue }
      let running = RequestSessionTable.Peer(node: node, instance: peer.instance)
      guard work?.table.isLinked(running) == false else { continue }
      actions += work?.table.connected(running, at: now, fresh: KeyLife.freshNonce) ?? []
    }
    actions += work?.table.advance(at: now, fresh: KeyLife.freshNonce) ?? []
    await carryOut(actions)
  }

  // MARK: Links

  func connected(_ peer: AttestedPeer) async {
    links[peer.node] = peer
    await advance()
  }

  func disconnected(_ peer: AttestedPeer) async {
    guard links[peer.node]?.instance == peer.instance else { return }
    links[peer.node] = nil
    await carryOut(work?.table.disconnected(.init(node: peer.node, instance: peer.instance)) ?? [])
  }

  func hear(_ frame: NetworkNonceFrame, from peer: AttestedPeer) async {
    guard let work, frame.epoch == work.keys.certificate.epoch else { return }
    let nonce = NonceExchange.Nonce(attempt: frame.attempt, value: frame.nonce)
    let running = RequestSessionTable.Peer(node: peer.node, instance: peer.instance)
    await carryOut(self.work?.table.hear(nonce, from: running, at: now, fresh: KeyLife.freshNonce) ?? [])
  }

  /// - Returns: whether the frame was for a set-up.
  func receive(_ frame: NetworkSessionFrame, from peer: AttestedPeer) -> Bool {
    guard let run = runs[peer.node], run.attempt.peer.instance == peer.instance else { return false }
    if run.deliver(frame) { return true }
    // A peer begins after it had this node's nonce for this attempt, so what it sends now it sends in the session it
    // derived: from another view of the registry, which one of the two will have in a moment.
    run.mailbox.close()
    return false
  }

  // MARK: Attempts

  private func carryOut(_ actions: [PairTable.Action]) async {
    // Before anything is sent: the answer finds the run there.
    for action in actions {
      switch action {
      case .begin(_, let attempt): begin(attempt)
      case .abandon(let node): runs[node]?.mailbox.close()
      case .retire(let node): setups.removeValue(forKey: node)?.retire()
      case .tell: continue
      }
    }
    guard let epoch = work?.keys.certificate.epoch else { return }
    for action in actions {
      guard case .tell(let node, let nonce) = action else { continue }
      let frame = NetworkNonceFrame(
        epoch: epoch, purpose: PairSetupRun.purpose, attempt: nonce.attempt, nonce: nonce.value)
      await setup.send(.networkNonce(frame), node)
    }
  }

  private func begin(_ attempt: PairTable.Attempt) {
    guard let keys = work?.keys, let snapshot = setup.membership.current,
      let run = PairSetupRun(attempt, keys, snapshot, setup)
    else {
      work?.table.finished(attempt, .failed, at: now)
      return
    }
    runs[attempt.peer.node]?.mailbox.close()
    runs[attempt.peer.node] = run
    // Much arithmetic, none of it urgent, and off this actor.
    Task(priority: .utility) { await self.perform(run) }
  }

  private func perform(_ run: PairSetupRun) async {
    let setup = setup
    let result: Result<PairSetup, ProtocolAbort>
    do throws(ProtocolAbort) {
      result = .success(try await run.run(setup))
    } catch {
      result = .failure(error)
    }
    if runs[run.attempt.peer.node]?.session == run.session { runs[run.attempt.peer.node] = nil }
    let outcome = PairTable.Outcome(result)
    let isWanted = work?.table.finished(run.attempt, outcome, at: now) ?? false
    setup.metrics.pairSetup(outcome.word)
    if outcome == .cheated {
      setup.logger.warning("a pair set-up failed", metadata: ["peer": "\(run.attempt.peer.node)"])
    }
    guard case .success(let made) = result else { return }
    guard isWanted else { return made.retire() }
    setups[run.attempt.peer.node] = made
    await advance()
  }
}

// MARK: Sessions

extension PairLife {
  /// Set-ups taken for one session.
  struct Held: Sendable {
    fileprivate(set) var setups: [NodeID: PairSetup] = [:]
    /// Those with whom there was none in time.
    fileprivate(set) var missing: [NodeID] = []
    fileprivate var attempts: [NodeID: PairTable.Attempt] = [:]
  }

  /// Takes the set-ups with all of these, waiting a little for what may still come. To be followed by ``release(_:)``.
  func hold(_ peers: Set<RequestSessionTable.Peer>, within patience: Duration) async -> Held {
    let deadline = now + patience
    var held = Held()
    var missing = peers
    while true {
      for peer in missing {
        guard let attempt = work?.table.hold(peer) else { continue }
        guard let setup = setups[peer.node], setup.condition == .ready else {
          giveBack(attempt)
          continue
        }
        held.attempts[peer.node] = attempt
        held.setups[peer.node] = setup
        missing.remove(peer)
      }
      guard !missing.isEmpty, now < deadline,
        missing.allSatisfy({ work?.table.isHopeless($0, until: deadline) == false }),
        (try? await setup.clock.sleep(for: Self.pollInterval)) != nil
      else { break }
    }
    held.missing = missing.map(\.node).sorted()
    return held
  }

  /// The session is over, however it went.
  func release(_ held: Held) async {
    for attempt in held.attempts.values { giveBack(attempt) }
    await advance()
  }

  private func giveBack(_ attempt: PairTable.Attempt) {
    work?.table.release(attempt)
    guard let setup = setups[attempt.peer.node], setup.condition == .burned else { return }
    for action in work?.table.burned(attempt, at: now) ?? [] where action == .retire(attempt.peer.node) {
      setups[attempt.peer.node] = nil
      self.setup.metrics.pairSetup("burned")
      self.setup.logger.warning("a member failed a check", metadata: ["peer": "\(attempt.peer.node)"])
    }
  }
}

extension PairTable.Outcome {
  fileprivate init(_ result: Result<PairSetup, ProtocolAbort>) {
    self =
      switch result {
      case .success: .made
      case .failure(.blamed): .cheated
      case .failure: .failed
      }
  }

  /// For metrics.
  fileprivate var word: String {
    switch self {
    case .made: "finished"
    case .failed: "failed"
    case .cheated: "cheated"
    }
  }
}

extension NodeStatus.PairSetups {
  init(_ counts: PairTable.Counts) {
    self.init(total: counts.total, ready: counts.ready, making: counts.making, backingOff: counts.backingOff)
  }
}
