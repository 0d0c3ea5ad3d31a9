import Aggregation
import Attestation
import Authorization
import Client
import Identifiers
import KeyGeneration
import Logging
import Membership
import NodeHTTP
import NodeTestKit
import PeerLink
import PublicKeys
import Secrets
import Signatures
import Synchronization
import Testing
import Transcripts
import Vault
import Wire

@testable import Node

/// A member with its real shares, links and set-ups that signs as any other does, except for what it does to the frames
/// it sends.
final class RogueSigner: Sendable {
  /// What becomes of a frame; nil: it is not sent.
  typealias Deviation = @Sendable (PeerFrame, NodeID) -> PeerFrame?

  let identity: NodeIdentity
  private let mesh: PeerMesh
  private let registry: NetworkReader
  private let reading: Task<Void, Never>
  private let pairs: PairLife
  private let following: Task<Void, Never>
  private let sessions: RequestSessions
  private let keys: KeyShares
  private let clock: any LocalClock
  private let counter: BootCounter
  private let deviation: Deviated
  private let asked = Atomic<Int>(0)

  /// How many requests it was sent.
  var requestCount: Int { asked.load(ordering: .relaxed) }

  private final class Deviated: Sendable {
    private let current = Mutex<Deviation>({ frame, _ in frame })

    func set(_ deviation: @escaping Deviation) { current.withLock { $0 = deviation } }
    func apply(_ frame: PeerFrame, _ node: NodeID) -> PeerFrame? { current.withLock { $0 }(frame, node) }
  }

  /// Takes a node's place with the node's own identity key, shares and ports.
  init(
    replacing node: TestNode, in network: TestNetwork, _ first: @escaping Deviation = { frame, _ in frame }
  ) async throws {
    let vault = try #require(await node.vault)
    let key = try await NodeIdentityKey.open(in: vault)
    let port = try #require(await node.addresses?.peer.port)
    let registry = try network.openRegistry()
    let digest = try #require(registry.current?.certificateDigest)
    guard let stored = try await vault.activeShares(epoch: 1) else { throw TestNetworkError.noKeys }
    let keys = try KeyShares(
      encoded: stored, network: network.network, epoch: 1, anchor: .registered(digest: digest))
    await node.stop()
    var random = SystemRandom()
    let identity = try await NodeIdentity(
      network: network.network, node: node.id, instance: Instance(bytes: random.bytes(32)),
      configuration: network.network.digest, anchor: network.network.digest, signer: key,
      attester: SoftwareAttester(
        credentials: network.root.makeCredentials(now: network.clock.wall), measurement: .ofRunningExecutable()),
      now: network.clock.wall)
    let logger = Logger(label: "rogue") { _ in SwiftLogNoOpLogHandler() }
    let mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: MembershipDirectory(registry, verifiers: []), clock: network.clock, logger: logger))
    let deviation = Deviated()
    deviation.set(first)
    let metrics = NodeMetrics(factory: PrometheusMetrics())
    let counter = BootCounter()
    let standing = Standing(
      node: node.id, identityKey: key.publicKey, membership: registry, clock: network.clock, highestWallClock: nil,
      seen: nil)
    standing.use(keys)
    let pairs = PairLife(
      PairLifeSetup(
        node: node.id, instance: identity.instance, membership: registry, clock: network.clock, counter: counter,
        logger: logger, metrics: metrics, standing: standing
      ) { frame, node in
        if let frame = deviation.apply(frame, node) { try? await mesh.send(frame, to: node) }
      })
    let sessions = RequestSessions(
      table: RequestSessionTable(), clock: network.clock, metrics: metrics
    ) { frame, peer in
      if let frame = deviation.apply(frame, peer.node) { try? await mesh.send(frame, to: peer.node) }
    }
    self.identity = identity
    self.mesh = mesh
    self.registry = registry
    self.pairs = pairs
    self.sessions = sessions
    self.keys = keys
    self.deviation = deviation
    self.counter = counter
    clock = network.clock
    reading = Task { await registry.run() }
    following = Task { await pairs.run() }
    try await mesh.start(host: "127.0.0.1", port: port) { event in
      switch event {
      case .up(let peer): await pairs.connected(peer)
      case .down(let peer, _): await pairs.disconnected(peer)
      case .frame(.networkNonce(let frame), let peer): await pairs.hear(frame, from: peer)
      case .frame(.networkSession(let frame), let peer): _ = await pairs.receive(frame, from: peer)
      case .frame(.session(let frame), let peer):
        await sessions.receive(frame, from: .init(node: peer.node, instance: peer.instance))
      case .frame(.want(let session), let peer):
        await sessions.receiveWant(session, from: .init(node: peer.node, instance: peer.instance))
      case .frame, .registry: return
      }
    }
  }

  func deviate(_ deviation: @escaping Deviation) { self.deviation.set(deviation) }

  /// From now on it says nothing and answers nobody.
  func fallSilent() { deviation.set { _, _ in nil } }

  var pairCounts: PairTable.Counts {
    get async { await pairs.counts }
  }

  /// Takes part in a request it was sent. Its outcome, for what that is worth.
  func takePart(in submission: RequestSubmission) async throws -> ReplyOutcome {
    asked.add(1, ordering: .relaxed)
    let snapshot = try #require(registry.current)
    let authorized = try Authorizer(node: identity.node, instance: identity.instance).authorize(
      submission, at: ClockReading(wall: clock.wall, highest: clock.wall), in: snapshot,
      under: QuorumRules(keys.certificate))
    guard case .sign(let record, let message) = authorized.work else { throw TestNetworkError.noKeys }
    let signing = Signing(
      authorized: authorized, keys: keys, sessions: sessions, clock: clock, limits: NodeLimits(), counter: counter)
    return await ECDSASigning(signing: signing, pairs: pairs).sign(record, message)
  }

  func stop() async {
    await mesh.stop()
    following.cancel()
    reading.cancel()
  }
}

/// Connects a user to honest nodes and to a rogue one, which takes part and then hangs up.
struct MixedConnector: NodeConnector {
  let honest: DirectConnector
  let rogue: RogueSigner

  func connect(
    to member: Member, in snapshot: MembershipSnapshot
  ) async throws(ConnectionFailure) -> any NodeConnection {
    guard member.node == rogue.identity.node else { return try await honest.connect(to: member, in: snapshot) }
    return RogueConnection(rogue: rogue, identityKey: member.identityKey)
  }
}

private struct RogueConnection: NodeConnection {
  let rogue: RogueSigner
  let identityKey: [UInt8]

  var node: NodeID { rogue.identity.node }
  var instance: Instance { rogue.identity.instance }
  var isActive: Bool { true }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer { throw .closed }

  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    if let submission = try? RequestSubmission(decoding: body) { _ = try? await rogue.takePart(in: submission) }
    throw .closed
  }

  func close() async {}
}
