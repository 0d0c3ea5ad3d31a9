internal import Authorization
public import Identifiers
internal import KeyGeneration
internal import Logging
internal import Membership
public import PeerLink
internal import PublicKeys
internal import Secrets
internal import Signatures
internal import Transcripts
internal import Vault
public import Wire

/// One node of a network: linked with the others, with its part of the keys, answering requests it verified itself.
///
/// How users reach it is the business of another target; this one gives it `answer(_:)` and ``description``.
public actor Node {
  /// Shorter than any limit that depends on it.
  private static let housekeepingInterval = Duration.seconds(1)
  private static let clockMarkInterval: Int64 = 30

  public nonisolated let identity: NodeIdentity
  public nonisolated let limits: NodeLimits
  private nonisolated let identityKey: Ed25519SigningKey
  private nonisolated let surroundings: NodeSurroundings
  private nonisolated let standing: Standing
  private nonisolated let desk: RequestDesk
  private nonisolated let sessions: RequestSessions
  private nonisolated let service: RequestService
  private nonisolated let keyLife: KeyLife
  private nonisolated let mesh: PeerMesh
  private nonisolated let metrics: NodeMetrics
  private nonisolated let logger: Logger
  private var background: [Task<Void, Never>] = []
  private var clockMark: Timestamp?

  /// Boots: opens the identity, makes TLS key, HPKE key and instance, and gets evidence for them.
  public init(_ configuration: NodeConfiguration, _ surroundings: NodeSurroundings) async throws(NodeBootError) {
    let identityKey = try await NodeIdentityKey.open(in: surroundings.vault)
    let memory = try await NodeMemory(surroundings.vault)
    let identity = try await Self.makeIdentity(configuration, surroundings, identityKey)
    let metrics = NodeMetrics(factory: surroundings.metrics)
    let clock = surroundings.clock
    let mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: MembershipDirectory(surroundings.membership, verifiers: surroundings.verifiers), clock: clock,
        logger: surroundings.logger, limits: surroundings.linkLimits))
    let standing = Standing(
      node: configuration.node, identityKey: identityKey.publicKey, membership: surroundings.membership, clock: clock,
      highestWallClock: memory.highestWallClock, seen: memory.seenRegistry)
    let desk = RequestDesk(limits: configuration.limits, clock: clock, metrics: metrics)
    let sessions = RequestSessions(clock: clock, metrics: metrics) { frame, peer in
      // Another instance is another node: it knows nothing of this session.
      guard await mesh.peer(peer.node)?.instance == peer.instance else { return }
      try? await mesh.send(frame, to: peer.node)
    }
    let counter = BootCounter()
    self.identity = identity
    self.identityKey = identityKey
    self.surroundings = surroundings
    self.standing = standing
    self.desk = desk
    self.sessions = sessions
    self.mesh = mesh
    self.metrics = metrics
    limits = configuration.limits
    logger = surroundings.logger
    clockMark = memory.highestWallClock
    service = RequestService(
      authorizer: Authorizer(node: configuration.node, instance: identity.instance), identity: identityKey,
      standing: standing, desk: desk, sessions: sessions, clock: clock, limits: configuration.limits, counter: counter,
      metrics: metrics, logger: surroundings.logger)
    keyLife = KeyLife(
      KeyLifeSetup(
        node: configuration.node, instance: identity.instance, identity: identityKey, vault: surroundings.vault,
        membership: surroundings.membership, clock: clock, counter: counter, limits: configuration.limits,
        logger: surroundings.logger, metrics: metrics, standing: standing
      ) { frame, node in
        // What is lost is said again when the link is there.
        try? await mesh.send(frame, to: node)
      })
  }

  private static func makeIdentity(
    _ configuration: NodeConfiguration, _ surroundings: NodeSurroundings, _ key: Ed25519SigningKey
  ) async throws(NodeBootError) -> NodeIdentity {
    var random = SystemRandom()
    do {
      return try await NodeIdentity(
        network: configuration.network, node: configuration.node,
        instance: Instance(bytes: random.bytes(InstanceKind.byteCount)), configuration: configuration.digest,
        anchor: .anchor(of: configuration.network), signer: key, attester: surroundings.attester,
        now: surroundings.clock.wall)
    } catch {
      throw .attestation(String(describing: error))
    }
  }
}

extension Node {
  /// Listens for other nodes and begins to work; returns the port.
  @discardableResult
  public func start(_ address: ListenAddress) async throws(NodeBootError) -> Int {
    let port: Int
    do {
      port = try await mesh.start(host: address.host, port: address.port) { [weak self] event in
        await self?.handle(event)
      }
    } catch {
      throw .listen("\(address): \(error)")
    }
    background = [
      Task { [keyLife] in await keyLife.run() },
      Task { await self.followRegistry() },
      Task { await self.keepHouse() },
    ]
    logger.info(
      "node started",
      metadata: ["node": "\(identity.node)", "instance": "\(identity.instance)", "peers": "\(address.host):\(port)"])
    return port
  }

  /// Takes no more requests, waits for those it has taken, and ends all links.
  public func stop() async {
    standing.stop()
    await desk.close()
    let drained = Task { [desk] in await desk.waitUntilEmpty() }
    let clock = surroundings.clock
    let limit = limits.drain
    let timer = Task {
      try? await clock.sleep(for: limit)
      drained.cancel()
    }
    await Self.first(drained, timer)
    for task in background { task.cancel() }
    await keyLife.stop()
    await mesh.stop()
    for task in background { await task.value }
    background = []
    await surroundings.vault.close()
    logger.info("node stopped")
  }

  /// Answers a request, step by step of section 5 of the design.
  ///
  /// - Returns: the encoded sealed reply.
  public nonisolated func answer(_ submission: RequestSubmission) async throws(ServiceRefusal) -> [UInt8] {
    try await service.answer(submission)
  }

  /// The body of `GET /v1/network`; nil without a registry view.
  public nonisolated var description: NetworkDescription? {
    guard let snapshot = surroundings.membership.current else { return nil }
    let certificate = standing.keys?.certificate
    return NetworkDescription(
      network: snapshot.network, founding: snapshot.founding.bytes, registryNumber: snapshot.number,
      registryDigest: snapshot.digest, epoch: snapshot.epoch,
      certificate: certificate?.epoch == snapshot.epoch ? certificate?.encoded : nil, node: identity.node,
      instance: identity.instance, isDevelopment: snapshot.founding.isDevelopment)
  }

  /// Why requests are refused now; nil when they are served.
  public nonisolated var notServing: NotServing? {
    do {
      _ = try standing.serving()
      return nil
    } catch {
      return error
    }
  }

  public func status() async -> NodeStatus {
    let snapshot = surroundings.membership.current
    return NodeStatus(
      network: identity.network, node: identity.node, instance: identity.instance, identityKey: identityKey.publicKey,
      isDevelopment: snapshot?.founding.isDevelopment, registry: snapshot?.position, epoch: snapshot?.epoch,
      notServing: notServing, keys: await keyLife.status, peers: await mesh.status().peers,
      pendingRequests: await desk.pendingCount, liveSessions: await sessions.liveCount)
  }

  /// Whichever is over first.
  private static func first(_ work: Task<Void, Never>, _ timer: Task<Void, Never>) async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let tasks = [work, timer].map { task in
      Task {
        await task.value
        continuation.yield()
      }
    }
    for await _ in stream { break }
    timer.cancel()
    for task in tasks { task.cancel() }
  }
}

extension Node {
  private func handle(_ event: PeerEvent) async {
    switch event {
    case .up(let peer):
      await metrics.links(mesh.peers.count)
      await keyLife.connected(peer)
    case .registry(let position, let epoch, let peer):
      standing.heard(position, epoch: epoch, from: peer.node)
    case .frame(.session(let frame), let peer):
      await sessions.receive(frame, from: .init(node: peer.node, instance: peer.instance))
    case .frame(.want(let session), let peer):
      await sessions.receiveWant(session, from: .init(node: peer.node, instance: peer.instance))
    case .frame(let frame, let peer):
      await keyLife.receive(frame, from: peer)
    case .down(let peer, let end):
      standing.lost(peer.node)
      metrics.linkEnded(end.reason)
      await metrics.links(mesh.peers.count)
      await keyLife.disconnected(peer)
    }
  }

  /// Remembers how far the registry had come, so that an older copy is noticed after a restart.
  private func followRegistry() async {
    for await snapshot in surroundings.membership.updates {
      let seen = SeenRegistry(number: snapshot.number, digest: snapshot.digest)
      do {
        try await surroundings.vault.raiseHighestRegistry(to: seen)
        standing.sawRegistry(seen)
        standing.vaultWrote(true)
      } catch VaultError.registryWentBack {
        // Standing compares every view with what was seen and says what is wrong.
      } catch {
        standing.vaultWrote(false)
        logger.error("the vault did not keep the registry's number", metadata: ["problem": "\(error)"])
      }
    }
  }

  private func keepHouse() async {
    while (try? await surroundings.clock.sleep(for: Self.housekeepingInterval)) != nil {
      await sessions.expire()
      metrics.ready(notServing == nil)
      await keepClockMark()
    }
  }

  /// Keeps the highest wall clock, coarsely: a request is bound to this boot's instance anyway.
  private func keepClockMark() async {
    let highest = standing.wallClock.read().highest
    if let clockMark, highest.seconds(since: clockMark) < Self.clockMarkInterval { return }
    do {
      try await surroundings.vault.raiseHighestWallClock(to: highest)
      clockMark = highest
      standing.vaultWrote(true)
    } catch {
      standing.vaultWrote(false)
      logger.error("the vault did not keep the time", metadata: ["problem": "\(error)"])
    }
  }
}

/// What the vault remembers from before this boot.
struct NodeMemory: Sendable {
  let highestWallClock: Timestamp?
  let seenRegistry: SeenRegistry?

  init(_ vault: Vault) async throws(NodeBootError) {
    do {
      highestWallClock = try await vault.highestWallClock()
      seenRegistry = try await vault.highestRegistry()
    } catch {
      throw .vault(error)
    }
  }
}
