internal import Attestation
internal import Identifiers
internal import Logging
internal import Membership
internal import Metrics
internal import PeerLink
internal import Secrets
internal import Signatures
internal import Synchronization
internal import Wire

/// What it costs two nodes to link: bare TLS, evidence, and all of it together over real sockets.
enum HandshakeRows {
  static let bareTLS = "mutual TLS 1.3 handshake"
  static let verification = "evidence verification"
  private static let sampleCount = 25

  static func rows() async throws -> [Row] {
    let ends = try await LinkedEnds()
    var rows = [try await bare(), try ends.verification(), try await ends.making()]
    let time = Stopwatch.median(of: try await ends.handshakes(sampleCount))
    rows.append(
      Row(
        op: "peer handshake", n: 2, t: 2, wallMedian: time.wallMilliseconds, cpuPerParty: time.cpuMilliseconds / 2,
        bytesPerParty: 0, rounds: 3,
        note: "dialling, TLS, two pieces of evidence verified and one made by each end, identity signatures",
        bound: Row.Bound(parts: [(2, bareTLS), (2, verification)])))
    await ends.stop()
    return rows
  }

  private static func bare() async throws -> Row {
    let tls = try await BareTLS()
    var samples: [Stopwatch] = []
    for _ in 0...sampleCount { samples.append(try await tls.handshake()) }
    try await tls.close()
    var time = Stopwatch.median(of: Array(samples.dropFirst()))
    time.cpuMilliseconds /= 2
    return .reference(bareTLS, time, note: "reference operation; NIOSSL, P-256, self-signed; CPU of one end")
  }
}

/// Two nodes of a network that exists in this process only; their sockets and everything behind them are real.
private final class LinkedEnds: Sendable {
  private let root = DevelopmentRoot()
  private let policy: AttestationPolicy
  private let attester: SoftwareAttester
  private let dialler: NodeIdentity
  private let listener: NodeIdentity
  private let listening: PeerMesh
  private let surroundings: PeerSurroundings
  private let ups: AsyncStream<Event>
  private let tell: AsyncStream<Event>.Continuation

  private enum Event: Sendable {
    case up
    case down
  }

  init() async throws {
    var random = SystemRandom()
    let now = SystemClock().wall
    let network = try NetworkID(bytes: random.bytes(32))
    let measurement = try Attestation.Measurement(bytes: random.bytes(Attestation.Measurement.byteCount))
    let policy = AttestationPolicy(
      allowed: [.software: [measurement]], verifiers: [SoftwareEvidenceVerifier(roots: [root.publicKey])])
    let attester = SoftwareAttester(credentials: try root.makeCredentials(now: now), measurement: measurement)
    var identities: [NodeIdentity] = []
    var keys: [Ed25519SigningKey] = []
    for byte in UInt8(1)...2 {
      let key = Ed25519SigningKey(from: &random)
      identities.append(
        try await NodeIdentity(
          network: network, node: NodeID(bytes: [UInt8](repeating: byte, count: 20)),
          instance: Instance(bytes: random.bytes(32)), configuration: network.digest, anchor: network.digest,
          signer: key, attester: attester, now: now))
      keys.append(key)
    }
    let directory = FixedDirectory(
      PeerView(
        network: network, epoch: 1, registry: RegistryPosition(number: 1, digest: network.digest), members: [:],
        policy: policy, anchors: [network.digest]))
    let surroundings = PeerSurroundings(
      directory: directory, clock: SystemClock(), logger: Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() },
      metrics: NOOPMetricsHandler.instance)
    let (ups, tell) = AsyncStream.makeStream(of: Event.self)
    // The smaller identifier dials.
    let listening = PeerMesh(identity: identities[1], surroundings: surroundings)
    let port = try await listening.start(host: "127.0.0.1", port: 0) { Self.pass($0, to: tell) }
    let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(port))
    for (identity, key) in zip(identities, keys) {
      directory.add(
        identity.node,
        ExpectedMember(
          identityKey: key.publicKey, hasSufficientStake: true, peerEndpoint: endpoint, clientEndpoint: endpoint))
    }
    self.policy = policy
    self.attester = attester
    dialler = identities[0]
    listener = identities[1]
    self.listening = listening
    self.surroundings = surroundings
    self.ups = ups
    self.tell = tell
  }

  private static func pass(_ event: PeerEvent, to tell: AsyncStream<Event>.Continuation) {
    switch event {
    case .up: tell.yield(.up)
    case .down: tell.yield(.down)
    case .frame, .registry: break
    }
  }

  func verification() throws -> Row {
    let certificate = try UnverifiedNodeCertificate(der: listener.certificate.der)
    let now = SystemClock().wall
    let policy = policy
    return .reference(
      HandshakeRows.verification, try .measure { _ = try policy.verify(certificate, now: now) },
      note: "reference operation; a node certificate's software evidence: two P-384 signatures and two certificates")
  }

  func making() async throws -> Row {
    var random = SystemRandom()
    let data = try ReportData(bytes: random.bytes(ReportData.byteCount))
    var samples: [Stopwatch] = []
    for _ in 0..<15 { samples.append(try await Stopwatch.sample { _ = try await attester.evidence(over: data) }) }
    return .reference("evidence", .median(of: samples), note: "reference operation; made by the software attester")
  }

  func handshakes(_ count: Int) async throws -> [Stopwatch] {
    var samples: [Stopwatch] = []
    for _ in 0...count {
      let mesh = PeerMesh(identity: dialler, surroundings: surroundings)
      samples.append(
        try await Stopwatch.sample {
          try await mesh.start(host: "127.0.0.1", port: 0) { [tell] in Self.pass($0, to: tell) }
          await wait(for: .up, 2)
        })
      await mesh.stop()
      await wait(for: .down, 2)
    }
    return Array(samples.dropFirst())
  }

  func stop() async { await listening.stop() }

  private func wait(for event: Event, _ count: Int) async {
    var left = count
    for await next in ups where next == event {
      left -= 1
      if left == 0 { return }
    }
  }
}

/// A registry of two members that nobody changes.
private final class FixedDirectory: PeerDirectory {
  private let state: Mutex<PeerView>

  init(_ view: PeerView) { state = Mutex(view) }

  func add(_ node: NodeID, _ member: ExpectedMember) { state.withLock { $0.members[node] = member } }

  func view() -> PeerView? { state.withLock(\.self) }
  func changes() -> AsyncStream<Void> { AsyncStream { _ in } }
}
