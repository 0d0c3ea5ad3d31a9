internal import Identifiers
internal import KeyGeneration
internal import PeerLink
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import Signatures
internal import Transcripts
internal import Wire

/// One attempt at a key generation, from its derived session on.
struct KeyGenerationRun: Sendable {
  static let purpose = "key-generation"

  let order: KeyGenerationOrder
  let mailbox: Mailbox
  /// Whose messages belong to it, and of which instance.
  let instances: [NodeID: Instance]
  let parties: [NodeID: PartyID]

  var session: SessionID { order.context.session }

  init(_ order: KeyGenerationOrder, members: EpochMembers, instances: [NodeID: Instance]) {
    self.order = order
    mailbox = order.makeMailbox()
    self.instances = instances
    parties = members.parties
  }

  /// Takes a frame of this session from the instance that announced its nonce; anything else is not for this run.
  func deliver(_ frame: NetworkSessionFrame, from peer: AttestedPeer) -> Bool {
    guard frame.session == session, instances[peer.node] == peer.instance, let party = parties[peer.node] else {
      return false
    }
    mailbox.deliver(Envelope(frame), from: party)
    return true
  }

  /// Runs the protocol to its end or deadline.
  func run(_ setup: KeyLifeSetup, nodes: [PartyID: NodeID]) async throws(ProtocolAbort) -> PendingKeyShares {
    let keeper = DeadlineKeeper(
      clock: AnyClock(setup.clock), perWait: setup.limits.keyGenerationWait, whole: setup.limits.keyGenerationDeadline,
      grace: .seconds(2))
    let mailbox = mailbox
    let keeping = Task { await keeper.keep(mailbox) }
    defer { keeping.cancel() }
    var fresh = SystemRandom()
    var random = HedgedRandom(
      fresh: &fresh, longTermSecret: setup.identity.seed(), session: session, instance: setup.instance,
      counter: setup.counter)
    return try await generateKeys(
      order, mailbox: mailbox, transport: NetworkTransport(nodes: nodes, send: setup.send), random: &random)
  }
}

/// A clock whose type is known at run time only, for generic code.
struct AnyClock: LocalClock {
  private let clock: any LocalClock

  init(_ clock: any LocalClock) {
    self.clock = clock
  }

  var wall: Timestamp { clock.wall }
  func monotonicNow() -> Duration { clock.monotonicNow() }
  func sleep(for duration: Duration) async throws { try await clock.sleep(for: duration) }
}

/// Small frames of peers for later, the latest few of each. Large ones only come after this node has spoken.
struct WaitingFrames: Sendable {
  private static let framesPerPeer = 16

  private var frames: [NodeID: [(PeerFrame, AttestedPeer)]] = [:]

  mutating func keep(_ frame: PeerFrame, from peer: AttestedPeer) {
    switch frame {
    case .networkSession, .certificate, .session, .want: return
    case .networkNonce, .certificateAcknowledgement, .certificateSignature, .certificateAbsence, .certificateRequest:
      break
    }
    frames[peer.node, default: []].append((frame, peer))
    if frames[peer.node, default: []].count > Self.framesPerPeer { frames[peer.node]?.removeFirst() }
  }

  mutating func take() -> [(PeerFrame, AttestedPeer)] {
    defer { frames = [:] }
    return frames.values.flatMap { $0 }
  }
}

/// Frames of network sessions this node has not derived yet. A member that had all nonces first is at most its first
/// messages ahead, so little is kept, and only while a key generation is due.
struct EarlyNetworkFrames: Sendable {
  private static let framesPerPeer = 8
  private static let bytesPerPeer = 2 << 20

  private var frames: [NodeID: [(frame: NetworkSessionFrame, peer: AttestedPeer)]] = [:]

  mutating func keep(_ frame: NetworkSessionFrame, from peer: AttestedPeer) {
    var kept = (frames[peer.node] ?? []).filter { $0.peer.instance == peer.instance }
    // The latest attempt is the one that matters.
    while kept.count >= Self.framesPerPeer
      || (!kept.isEmpty && kept.reduce(frame.payload.count) { $0 + $1.frame.payload.count } > Self.bytesPerPeer)
    {
      kept.removeFirst()
    }
    kept.append((frame, peer))
    frames[peer.node] = kept
  }

  mutating func take() -> [(frame: NetworkSessionFrame, peer: AttestedPeer)] {
    defer { frames = [:] }
    return frames.values.flatMap { $0 }
  }
}
