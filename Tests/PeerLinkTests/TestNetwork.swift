import Attestation
import Identifiers
import Logging
import Membership
import MetricsTestKit
@testable import PeerLink
import Secrets
import Signatures
import Synchronization
import Testing
import Transcripts
import Wire

/// A development network on loopback; every part of it can be made to misbehave.
final class TestNetwork: Sendable {
  let root = DevelopmentRoot()
  let network: NetworkID
  let directory: TestDirectory
  static let measurement = measurement(7)

  init(name: String = "network") {
    network = NetworkID(TaggedHash.sha256(.founding, [Array(name.utf8)]))
    directory = TestDirectory(
      PeerView(
        network: network, epoch: 3, registry: RegistryPosition(number: 5, digest: network.digest), members: [:],
        policy: AttestationPolicy(
          allowed: [.software: [Self.measurement]], verifiers: [SoftwareEvidenceVerifier(roots: [root.publicKey])]),
        anchors: [network.digest]))
  }

  static func measurement(_ byte: UInt8) -> Measurement {
    do {
      return try Measurement(bytes: [UInt8](repeating: byte, count: Measurement.byteCount))
    } catch {
      preconditionFailure("48 bytes")
    }
  }

  /// What to get wrong when making a node.
  struct Flaws {
    var measurement = TestNetwork.measurement
    var network: NetworkID?
    var root: DevelopmentRoot?
    var now = SystemClock().wall
    var anchor: Digest32?
    /// Announce this key, sign with another.
    var announcedKey: [UInt8]?
    var attester: (any EvidenceProvider)?
    /// Another node's.
    var instance: Instance?
  }

  /// An identity whose node id is `byte` twenty times.
  func identity(_ byte: UInt8, flaws: Flaws = Flaws()) async throws -> NodeIdentity {
    var random = SystemRandom()
    let key = Ed25519SigningKey(from: &random)
    let credentials = try (flaws.root ?? root).makeCredentials(now: SystemClock().wall)
    return try await NodeIdentity(
      network: flaws.network ?? network, node: id(byte), instance: flaws.instance ?? Instance(bytes: random.bytes(32)),
      configuration: network.digest, anchor: flaws.anchor ?? network.digest,
      signer: flaws.announcedKey.map { FalseSigner(publicKey: $0, key: key) } ?? key,
      attester: flaws.attester ?? SoftwareAttester(credentials: credentials, measurement: flaws.measurement),
      now: flaws.now)
  }

  /// A started node that does not know anybody before ``introduce(_:)``.
  func node(
    _ byte: UInt8, flaws: Flaws = Flaws(), directory: TestDirectory? = nil, limits: PeerLinkLimits = .forTests,
    clock: any LocalClock = SystemClock()
  ) async throws -> TestNode {
    try await TestNode(
      identity: identity(byte, flaws: flaws), directory: directory ?? self.directory, limits: limits, clock: clock)
  }

  /// Lists a node that does not run as a member.
  /// - Parameter directory: nil for the one of the network.
  func list(_ identity: NodeIdentity, port: Int, in directory: TestDirectory? = nil) throws {
    let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(port))
    let member = ExpectedMember(
      identityKey: identity.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint,
      clientEndpoint: endpoint)
    (directory ?? self.directory).change { $0.members[identity.node] = member }
  }

  /// Publishes the nodes as members.
  /// - Parameter detours: ports under which others reach a node, where these are not its own.
  func introduce(_ nodes: TestNode..., detours: [NodeID: Int] = [:]) throws {
    let members = try nodes.map { node in
      var member = try node.expected()
      if let port = detours[node.id] { member.peerEndpoint = try Endpoint(host: "127.0.0.1", port: UInt16(port)) }
      return (node.id, member)
    }
    directory.change { view in
      for (node, member) in members { view.members[node] = member }
      view.registry.number += 1
    }
  }
}

func id(_ byte: UInt8) -> NodeID {
  do {
    return try NodeID(bytes: [UInt8](repeating: byte, count: 20))
  } catch {
    preconditionFailure("20 bytes")
  }
}

/// Announces a key it does not have.
struct FalseSigner: IdentitySigner {
  let publicKey: [UInt8]
  let key: Ed25519SigningKey

  func sign(_ message: [UInt8]) throws -> [UInt8] { key.sign(message) }
}

extension PeerLinkLimits {
  /// Patient with a busy machine, impatient otherwise.
  static var forTests: PeerLinkLimits {
    var limits = PeerLinkLimits()
    limits.handshake = .seconds(10)
    limits.keepAliveInterval = .milliseconds(50)
    limits.silence = .seconds(10)
    limits.backOff = .milliseconds(20) ... .milliseconds(100)
    return limits
  }
}

/// A registry the test writes.
final class TestDirectory: PeerDirectory {
  private struct State {
    var view: PeerView?
    var listeners: [AsyncStream<Void>.Continuation] = []
  }

  private let state: Mutex<State>

  init(_ view: PeerView) {
    state = Mutex(State(view: view))
  }

  func view() -> PeerView? { state.withLock(\.view) }

  func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    state.withLock { $0.listeners.append(continuation) }
    return stream
  }

  func change<Failure: Error>(_ body: (inout PeerView) throws(Failure) -> Void) throws(Failure) {
    let listeners = try state.withLock { (state) throws(Failure) -> [AsyncStream<Void>.Continuation] in
      if var view = state.view {
        try body(&view)
        state.view = view
      }
      return state.listeners
    }
    for listener in listeners { listener.yield() }
  }

  func goStale() {
    state.withLock { $0.view = nil }
  }

  /// The same registry, to be changed for one node only.
  func copy() -> TestDirectory {
    let view = state.withLock(\.view)
    let copy = TestDirectory(
      view
        ?? PeerView(
          network: NetworkID.zero, epoch: 0, registry: RegistryPosition(number: 0, digest: .zero), members: [:],
          policy: AttestationPolicy(allowed: [:], verifiers: []), anchors: []))
    return copy
  }
}

/// One node with everything it was told.
final class TestNode: Sendable {
  let identity: NodeIdentity
  let directory: TestDirectory
  let mesh: PeerMesh
  let metrics = TestMetrics()
  let events = EventLog()
  let port: Int
  private let honestPeer = Mutex<TestNode?>(nil)

  init(identity: NodeIdentity, directory: TestDirectory, limits: PeerLinkLimits, clock: any LocalClock) async throws {
    self.identity = identity
    self.directory = directory
    mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: directory, clock: clock, logger: Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() },
        metrics: metrics, limits: limits))
    port = try await mesh.start(host: "127.0.0.1", port: 0) { [events] in await events.add($0) }
  }

  var id: NodeID { identity.node }

  /// See ``TestNetwork/attackedNode(_:flaws:bystanderFlaws:directory:limits:)``.
  var bystander: TestNode? {
    get { honestPeer.withLock(\.self) }
    set { honestPeer.withLock { $0 = newValue } }
  }

  func expected() throws -> ExpectedMember {
    let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(port))
    return ExpectedMember(
      identityKey: identity.signer.publicKey, hasSufficientStake: true, peerEndpoint: endpoint, clientEndpoint: endpoint
    )
  }

  func refusals(_ reason: String, _ direction: String) -> Int64 {
    metrics.counterTotal(
      label: "quorate_peer_handshakes_refused_total", dimensions: [("reason", reason), ("direction", direction)])
  }

  var allRefusals: [String] {
    metrics.counters(label: "quorate_peer_handshakes_refused_total").map { "\($0.dimensions)" }
  }
}

/// Remembers events in order and lets a test wait for one.
actor EventLog {
  private(set) var all: [PeerEvent] = []
  /// While set, handlers wait; for a node that does not keep up.
  private var isBlocked = false

  func add(_ event: PeerEvent) async {
    all.append(event)
    while isBlocked { try? await Task.sleep(for: .milliseconds(5)) }
  }

  func block(_ blocked: Bool) { isBlocked = blocked }

  var frames: [PeerFrame] {
    all.compactMap { if case .frame(let frame, _) = $0 { frame } else { nil } }
  }

  var ups: [AttestedPeer] {
    all.compactMap { if case .up(let peer) = $0 { peer } else { nil } }
  }

  var downs: [LinkEnd] {
    all.compactMap { if case .down(_, let end) = $0 { end } else { nil } }
  }
}

struct TimedOut: Error {}

/// Waits until something is so.
func eventually(
  _ what: Comment, within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let start = ContinuousClock.now
  while ContinuousClock.now - start < limit {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
  throw TimedOut()
}

func areLinked(_ a: TestNode, _ b: TestNode) async -> Bool {
  let (atA, atB) = (await a.mesh.peer(b.id), await b.mesh.peer(a.id))
  return atA != nil && atB != nil
}

func all(_ nodes: [TestNode], _ condition: (TestNode) async -> Bool) async -> Bool {
  for node in nodes {
    guard await condition(node) else { return false }
  }
  return true
}
