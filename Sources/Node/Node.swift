internal import Attestation
internal import Authorization
internal import Identifiers
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
/// How users reach it is the business of another target, see ``NodeInterface``.
public actor Node: NodeInterface {
  /// Shorter than any limit that depends on it.
  private static let housekeepingInterval = Duration.seconds(1)
  private static let reminderRounds = 3
  private static let clockMarkInterval: Int64 = 30
  /// Of the time for draining, what is left for the answers of runs that are ended: one part of so many.
  private static let lastPartOfDrain = 6

  public nonisolated let identity: NodeIdentity
  public nonisolated let limits: NodeLimits
  private nonisolated let peerAddress: ListenAddress
  private nonisolated let clientAddress: ListenAddress
  private nonisolated let advertised: AdvertisedEndpoints?
  private nonisolated let identityKey: Ed25519SigningKey
  private nonisolated let surroundings: NodeSurroundings
  private nonisolated let standing: Standing
  private nonisolated let desk: RequestDesk
  private nonisolated let sessions: RequestSessions
  private nonisolated let service: RequestService
  private nonisolated let keyLife: KeyLife
  private nonisolated let pairLife: PairLife
  private nonisolated let actions: ActionHost
  private nonisolated let mesh: PeerMesh
  private nonisolated let metrics: NodeMetrics
  private nonisolated let logger: Logger
  private nonisolated let stopping = AsyncStream<Never>.makeStream()
  private var clockMark: Timestamp?
  /// How far the registry has come, while the vault could not keep it.
  private var unkeptRegistry: SeenRegistry?

  /// Boots: opens the identity, makes TLS key, HPKE key and instance, and gets evidence for them.
  public init(_ configuration: NodeConfiguration, _ surroundings: NodeSurroundings) async throws(NodeBootError) {
    try await self.init(configuration, surroundings) { _ in }
  }

  /// - Parameter replace: puts others in the place of this node's defences.
  init(
    _ configuration: NodeConfiguration, _ surroundings: NodeSurroundings,
    replacing replace: @Sendable (inout RequestDefences) -> Void
  ) async throws(NodeBootError) {
    let identityKey = try await NodeIdentityKey.open(in: surroundings.vault)
    let memory = try await NodeMemory(surroundings.vault)
    let identity = try await Self.makeIdentity(configuration, surroundings, identityKey)
    let metrics = NodeMetrics(factory: surroundings.metrics)
    let clock = surroundings.clock
    let mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: MembershipDirectory(
          surroundings.membership, verifiers: surroundings.verifiers, vendors: surroundings.vendors), clock: clock,
        logger: surroundings.logger, metrics: surroundings.metrics, limits: surroundings.linkLimits))
    let standing = Standing(
      node: configuration.node, identityKey: identityKey.publicKey, membership: surroundings.membership, clock: clock,
      highestWallClock: memory.highestWallClock, seen: memory.seenRegistry)
    var defences = RequestDefences(
      node: configuration.node, instance: identity.instance, limits: configuration.limits)
    replace(&defences)
    let desk = RequestDesk(limits: configuration.limits, records: defences.records, clock: clock, metrics: metrics)
    let sessions = RequestSessions(table: defences.sessions, clock: clock, metrics: metrics) { frame, peer in
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
    peerAddress = configuration.peerAddress
    clientAddress = configuration.clientAddress
    advertised = configuration.advertised
    logger = surroundings.logger
    clockMark = memory.highestWallClock
    let pairLife = PairLife(
      PairLifeSetup(
        node: configuration.node, instance: identity.instance, membership: surroundings.membership, clock: clock,
        counter: counter, logger: surroundings.logger, metrics: metrics, standing: standing
      ) { frame, node in
        // What is lost ends the attempt, and the next one is made when the link is there.
        try? await mesh.send(frame, to: node)
      })
    self.pairLife = pairLife
    let actions = ActionHost(
      examine: surroundings.examineSandbox, libraries: surroundings.actions.libraries, limits: configuration.limits,
      clock: clock, logger: surroundings.logger)
    self.actions = actions
    let admission = RequestAdmission(
      judge: defences.judge, standing: standing,
      contracts: surroundings.askContractWallet.map { ContractWalletDesk($0, clock: clock, metrics: metrics) },
      news: RegistryNews(clock: clock), clock: clock)
    service = RequestService(
      admission: admission, identity: identityKey, standing: standing, desk: desk,
      sessions: sessions, pairs: pairLife, actions: actions, outside: surroundings.actions, clock: clock,
      limits: configuration.limits, counter: counter, metrics: metrics, logger: surroundings.logger)
    keyLife = KeyLife(
      KeyLifeSetup(
        node: configuration.node, instance: identity.instance, identity: identityKey, vault: surroundings.vault,
        membership: surroundings.membership, clock: clock, counter: counter, limits: configuration.limits,
        logger: surroundings.logger, metrics: metrics, standing: standing, memory: surroundings.memory
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
        anchor: configuration.network.digest, signer: key, attester: surroundings.attester,
        clock: surroundings.clock, now: surroundings.clock.wall)
    } catch {
      throw .attestation(String(describing: error))
    }
  }
}

extension Node {
  public func start() async throws -> ListenAddress {
    do {
      let port = try await mesh.start(host: peerAddress.host, port: peerAddress.port) { [weak self] event in
        await self?.handle(event)
      }
      let bound = ListenAddress(host: peerAddress.host, port: port)
      logger.info(
        "node started",
        metadata: [
          "node": "\(identity.node)", "instance": "\(identity.instance)", "peers": "\(bound)",
          "evidence": "\(surroundings.attester.kind)", "memory": "\(surroundings.memory.name)",
        ])
      sayRegistration(bound)
      return bound
    } catch {
      throw NodeBootError.listen("\(peerAddress): \(error)")
    }
  }

  /// A node whose identity key nothing keeps has a new one, which the stakers have to list.
  private func sayRegistration(_ bound: ListenAddress) {
    guard case .peers(let reason) = surroundings.memory,
      let peer = advertised?.peer ?? (try? Endpoint(host: bound.host, port: UInt16(clamping: bound.port))),
      let client = advertised?.client
        ?? (try? Endpoint(host: clientAddress.host, port: UInt16(clamping: clientAddress.port)))
    else { return }
    let registration = Registration(
      network: identity.network, node: identity.node, identityKey: identityKey, peerEndpoint: peer,
      clientEndpoint: client)
    logger.notice(
      "new identity key: nothing of this node outlives its process, so it has to be registered",
      metadata: [
        "reason": "\(reason)", "node": "\(registration.node)",
        "identityKey": "\(Base64URL.encode(registration.identityKey))", "peer": "\(peer)", "client": "\(client)",
        "proof": "\(Base64URL.encode(registration.proof))",
      ])
  }

  public func run() async throws {
    await withTaskGroup { group in
      group.addTask { await self.keyLife.run() }
      group.addTask { await self.pairLife.run() }
      group.addTask { await self.actions.run() }
      group.addTask { await self.followRegistry() }
      group.addTask { await self.keepHouse() }
      group.addTask { await self.waitUntilStopped() }
      for work in surroundings.background {
        group.addTask { [clock = surroundings.clock] in
          await work()
          await clock.idle()
        }
      }
      // Only stopping or cancellation ends any of them.
      await group.next()
      group.cancelAll()
    }
    standing.stop()
    await desk.close()
    await keyLife.stop()
    await mesh.stop()
    standing.use(nil)
    await pairLife.stop()
    await surroundings.vault.close()
    logger.info("node stopped")
  }

  public func drain() async {
    standing.stop()
    await desk.close()
    let limit = limits.drain
    // A task of its own: a process that is cancelled still owes its users what it has begun.
    await Task { [desk, actions] in
      await desk.waitUntilEmpty(within: limit - limit / Self.lastPartOfDrain)
      // A run may take longer than that; its user is told, and asks another quorum.
      await actions.endRuns()
      await desk.waitUntilEmpty(within: limit / Self.lastPartOfDrain)
    }.value
  }

  public func stop() {
    stopping.continuation.finish()
  }

  private func waitUntilStopped() async {
    for await _ in stopping.stream {}
  }

  public nonisolated func answer(
    _ submission: RequestSubmission, _ kind: RequestKind, from origin: RequestOrigin?
  ) async throws(NodeRefusal) -> [UInt8] {
    try await service.answer(submission, kind, from: origin)
  }

  public nonisolated func describeNetwork() throws(NodeRefusal) -> NetworkDescription {
    guard let snapshot = surroundings.membership.current else { throw NodeRefusal(later: .notReady) }
    let certificate = standing.keys?.certificate
    return NetworkDescription(
      network: snapshot.network, founding: snapshot.founding.bytes, registryNumber: snapshot.number,
      registryDigest: snapshot.digest, epoch: snapshot.epoch,
      certificate: certificate?.epoch == snapshot.epoch ? certificate?.encoded : nil, node: identity.node,
      instance: identity.instance, isDevelopment: snapshot.founding.isDevelopment)
  }

  public nonisolated func readiness() -> NodeReadiness {
    do {
      _ = try standing.serving()
      return .ready
    } catch {
      return .notReady(reason: error.reason, detail: error.detail)
    }
  }

  public func status() async -> NodeStatus {
    let snapshot = surroundings.membership.current
    let peers = await mesh.status().peers.map { peer in
      NodeStatus.Peer(
        node: peer.node, instance: peer.link?.instance, dials: peer.dials, problem: peer.lastProblem)
    }
    return NodeStatus(
      network: identity.network, node: identity.node, instance: identity.instance, identityKey: identityKey.publicKey,
      isDevelopment: isDevelopment, evidence: surroundings.attester.kind.text, memory: surroundings.memory,
      registry: snapshot?.position, epoch: snapshot?.epoch, readiness: readiness(),
      keys: await keyLife.status, pairSetups: .init(await pairLife.counts),
      actions: await actions.status, peers: peers, pendingRequests: await desk.pendingCount,
      sessions: await sessions.liveCount)
  }

  private var isDevelopment: Bool {
    surroundings.attester.kind == .software || surroundings.membership.current?.founding.isDevelopment == true
  }
}

extension Node {
  private func handle(_ event: PeerEvent) async {
    switch event {
    case .up(let peer):
      await metrics.links(mesh.peers.count)
      await keyLife.connected(peer)
      await pairLife.connected(peer)
    case .registry(let position, let epoch, let peer):
      standing.heard(position, epoch: epoch, from: peer.node)
    case .frame(.session(let frame), let peer):
      await sessions.receive(frame, from: .init(node: peer.node, instance: peer.instance))
    case .frame(.want(let session), let peer):
      await sessions.receiveWant(session, from: .init(node: peer.node, instance: peer.instance))
    case .frame(.networkNonce(let frame), let peer) where frame.purpose == PairSetupRun.purpose:
      await pairLife.hear(frame, from: peer)
    case .frame(.networkSession(let frame), let peer):
      guard await !pairLife.receive(frame, from: peer) else { return }
      await keyLife.receive(.networkSession(frame), from: peer)
    case .frame(let frame, let peer):
      await keyLife.receive(frame, from: peer)
    case .down(let peer, _):
      standing.lost(peer.node)
      await metrics.links(mesh.peers.count)
      await keyLife.disconnected(peer)
      await pairLife.disconnected(peer)
    }
  }

  /// Remembers how far the registry had come, so that an older copy is noticed after a restart.
  private func followRegistry() async {
    for await snapshot in surroundings.membership.updates {
      await keep(SeenRegistry(number: snapshot.number, digest: snapshot.digest))
    }
    // A registry that told two histories gives no more views; the node stays up and says so.
    await surroundings.clock.idle()
  }

  private func keep(_ seen: SeenRegistry) async {
    do {
      try await surroundings.vault.raiseHighestRegistry(to: seen)
      standing.sawRegistry(seen)
    } catch VaultError.registryWentBack {
      // Standing compares every view with what was seen and says what is wrong.
    } catch {
      standing.vaultWrote(.registry, false)
      if unkeptRegistry == nil {
        logger.error("the vault did not keep the registry's number", metadata: ["problem": "\(error)"])
      }
      unkeptRegistry = seen
      return
    }
    unkeptRegistry = nil
    standing.vaultWrote(.registry, true)
  }

  private func keepHouse() async {
    var rounds = 0
    while (try? await surroundings.clock.sleep(for: Self.housekeepingInterval)) != nil {
      rounds += 1
      if rounds.isMultiple(of: Self.reminderRounds) { await keyLife.remind() }
      await sessions.expire()
      metrics.ready(readiness() == .ready)
      await keepClockMark()
      if let unkeptRegistry { await keep(unkeptRegistry) }
    }
  }

  /// Keeps the highest wall clock, coarsely: a request is bound to this boot's instance anyway.
  private func keepClockMark() async {
    let highest = standing.wallClock.read().highest
    if let clockMark, highest.seconds(since: clockMark) < Self.clockMarkInterval { return }
    do {
      try await surroundings.vault.raiseHighestWallClock(to: highest)
      clockMark = highest
      standing.vaultWrote(.clock, true)
    } catch {
      standing.vaultWrote(.clock, false)
      logger.error("the vault did not keep the time", metadata: ["problem": "\(error)"])
    }
  }
}

extension LocalClock {
  /// Returns when its task is cancelled.
  func idle() async {
    while (try? await sleep(for: .seconds(3600))) != nil {}
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
