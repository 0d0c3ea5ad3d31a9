import Attestation
public import Identifiers
import Logging
import Membership
import NIOCore
public import NIOPosix
public import Wire

/// The verified links of one node with all others.
///
/// Of two nodes the one with the smaller identifier dials, so that there is one link for each pair. Links come back by
/// themselves after a failure, and end when the registry no longer wants them.
public actor PeerMesh {
  public typealias Handler = @Sendable (PeerEvent) async -> Void

  private let identity: NodeIdentity
  private let surroundings: PeerSurroundings
  private let group: MultiThreadedEventLoopGroup
  private let journal: PeerJournal
  private let slots: HandshakeSlots
  private let allowance: LinkAllowance
  private let platforms = PlatformClaims()
  private var hasClaimedOwnPlatform = false
  private var handler: Handler?
  private var listener: (any Channel)?
  private var background: [Task<Void, Never>] = []
  private var dialers: [NodeID: Task<Void, Never>] = [:]
  private var accepted: [Int: Task<Void, Never>] = [:]
  private var nextAccepted = 0
  private var links: [NodeID: PeerLink] = [:]
  private var isStopping = false

  public init(
    identity: NodeIdentity, surroundings: PeerSurroundings, group: MultiThreadedEventLoopGroup = .singleton
  ) {
    self.identity = identity
    self.surroundings = surroundings
    self.group = group
    journal = PeerJournal(
      logger: surroundings.logger, metrics: surroundings.metrics, clock: surroundings.clock)
    slots = HandshakeSlots(
      limit: surroundings.limits.handshakesInFlight, limitPerAddress: surroundings.limits.handshakesInFlightPerAddress)
    allowance = LinkAllowance(
      perSecond: surroundings.limits.linksPerSecondOfMember, burst: surroundings.limits.linkBurstOfMember)
  }

  // MARK: Life

  /// Listens, and keeps links with all members from now on.
  ///
  /// - Parameters:
  ///   - port: 0 for any free one.
  ///   - handler: gets every event; frames of a peer wait while it is busy with an earlier one of that peer.
  /// - Returns: the port it listens on.
  /// - Throws: when it cannot listen there, after which it may be tried again, or was started before.
  @discardableResult
  public func start(host: String, port: Int, handler: @escaping Handler) async throws -> Int {
    guard !isStopping else { throw PeerMeshError.stopped }
    guard self.handler == nil else { throw PeerMeshError.alreadyStarted }
    self.handler = handler
    claimOwnPlatform()
    let server: Server
    do {
      server = try await bind(host: host, port: port)
    } catch {
      self.handler = nil
      throw error
    }
    guard !isStopping else {
      try? await server.channel.close()
      throw PeerMeshError.stopped
    }
    let bound = server.channel.localAddress?.port ?? port
    listener = server.channel
    background = [
      Task { await self.accept(server, host: host, port: bound) },
      Task { await self.followRegistry() },
      Task { await self.followClock() },
    ]
    return bound
  }

  /// Ends every link and waits until the last event was delivered. It does not start again.
  public func stop() async {
    isStopping = true
    for task in background { task.cancel() }
    try? await listener?.close()
    for task in background { await task.value }
    background = []
    while let task = dialers.first?.value ?? accepted.first?.value {
      for link in links.values { link.cut(.stopping) }
      for task in dialers.values { task.cancel() }
      for task in accepted.values { task.cancel() }
      await task.value
    }
  }

  // MARK: Use

  /// Hands a frame to the peer's link and returns; frames to one peer arrive in the order of calls, or its link ends.
  public func send(_ frame: PeerFrame, to node: NodeID) throws(PeerSendError) {
    guard let link = links[node], let view = surroundings.directory.view() else { throw .notConnected }
    do {
      try link.requireStill(view, now: surroundings.clock.wall)
    } catch {
      link.cut(.refused(error))
      throw .notConnected
    }
    try link.send(frame)
  }

  /// The peer on the other end of the present link with this node.
  public func peer(_ node: NodeID) -> AttestedPeer? {
    guard let link = links[node], link.endReason == nil else { return nil }
    return link.peer
  }

  /// All peers with a link now, ordered by node.
  public var peers: [AttestedPeer] {
    links.values.filter { $0.endReason == nil }.map(\.peer).sorted { $0.node < $1.node }
  }

  /// For the command line and the metrics.
  public func status() -> MeshStatus {
    let members = surroundings.directory.view()?.members.keys.filter { $0 != identity.node }.sorted() ?? []
    let now = surroundings.clock.monotonicNow()
    return MeshStatus(
      peers: members.map { node in
        let link = links[node].flatMap { $0.endReason == nil ? $0 : nil }
        return MeshStatus.Peer(
          node: node, dials: identity.node < node, link: link.map { MeshStatus.Link($0, now: now) },
          lastProblem: journal.lastProblem(node))
      })
  }

  // MARK: Dialling

  private func followRegistry() async {
    let changes = surroundings.directory.changes()
    reconcile()
    for await _ in changes { reconcile() }
  }

  /// Once a second: what the registry no longer wants is cut even when nothing tells us, and the certificate is renewed.
  private func followClock() async {
    while (try? await surroundings.clock.sleep(for: surroundings.limits.keepAliveInterval)) != nil {
      reconcile()
      guard let anchor = surroundings.directory.view()?.anchors.first else { continue }
      do {
        try await identity.renewCertificate(anchor: anchor, now: surroundings.clock.wall)
      } catch {
        journal.couldNotRenewCertificate(error)
      }
    }
  }

  private func reconcile() {
    guard !isStopping, let view = surroundings.directory.view() else { return }
    claimOwnPlatform()
    for link in links.values {
      do {
        try link.requireStill(view, now: surroundings.clock.wall)
      } catch {
        link.cut(.refused(error))
      }
    }
    for (node, dialer) in dialers where view.members[node] == nil { dialer.cancel() }
    for node in view.members.keys where identity.node < node && dialers[node] == nil {
      dialers[node] = Task {
        await self.keepDialling(node)
        self.dialers[node] = nil
      }
    }
  }

  /// No other node can be on the machine this one runs on.
  private func claimOwnPlatform() {
    guard !hasClaimedOwnPlatform, let view = surroundings.directory.view(),
      let own = try? UnverifiedNodeCertificate(der: identity.certificate.der),
      let findings = view.policy.verdict(on: own.evidence, now: surroundings.clock.wall).findings
    else { return }
    hasClaimedOwnPlatform = (try? platforms.take(findings.platform, for: identity.node)) != nil
  }

  private func keepDialling(_ node: NodeID) async {
    var backOff = BackOff(surroundings.limits.backOff)
    while !Task.isCancelled {
      let began = surroundings.clock.monotonicNow()
      do throws(HandshakeRefusal) {
        let end = try await dial(node)
        journal.ended(node, end)
        // A member that ends every link at once is dialled no more often than one that refuses.
        if surroundings.clock.monotonicNow() - began >= surroundings.limits.backOff.upperBound { backOff.reset() }
      } catch {
        journal.refused(error, node: node, direction: .outgoing)
      }
      guard (try? await surroundings.clock.sleep(for: backOff.next(random: surroundings.randomBytes(2)))) != nil else {
        return
      }
    }
  }

  private func dial(_ node: NodeID) async throws(HandshakeRefusal) -> LinkEnd {
    guard let view = surroundings.directory.view() else { throw .registryUnavailable }
    let endpoint = try view.member(node).peerEndpoint
    let side = TLSConnection.Side.peerClient(
      identity, PeerConnection.certification(.exactly(node), surroundings: surroundings))
    let pipeline: PeerPipeline
    do {
      pipeline = try await ClientBootstrap(group: group)
        .connectTimeout(.nanoseconds(surroundings.limits.handshake.nanoseconds))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: endpoint.host, port: Int(endpoint.port)) { channel in
          channel.eventLoop.makeCompletedFuture { try PeerPipeline(channel, side: side) }
        }
    } catch {
      throw .unreachable(String(describing: error))
    }
    return try await run(pipeline, side: .initiator(to: node))
  }

  // MARK: Accepting

  private typealias Server = NIOAsyncChannel<PeerPipeline?, Never>

  private func bind(host: String, port: Int) async throws -> Server {
    let side = TLSConnection.Side.peerServer(identity, certificationOfDiallers())
    return try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .bind(host: host, port: port) { channel in
        // A failed future would end the listener; a connection that cannot be set up is only closed.
        let pipeline = try? PeerPipeline(channel, side: side)
        if pipeline == nil { channel.close(promise: nil) }
        return channel.eventLoop.makeSucceededFuture(pipeline)
      }
  }

  private func certificationOfDiallers() -> TLSConnection.Certification {
    let judge = PeerConnection.certification(.anyMember(below: identity.node), surroundings: surroundings)
    return { [allowance, clock = surroundings.clock] (chain) throws(HandshakeRefusal) in
      let certificate = try judge(chain)
      guard allowance.hasRoom(for: certificate.binding.node, now: clock.monotonicNow()) else { throw .tooManyLinks }
      return certificate
    }
  }

  private func accept(_ server: Server, host: String, port: Int) async {
    var server: Server? = server
    while !Task.isCancelled {
      if let bound = server {
        listener = bound.channel
        try? await bound.executeThenClose { connections in
          for try await pipeline in connections { accept(pipeline) }
        }
      }
      guard (try? await surroundings.clock.sleep(for: surroundings.limits.backOff.lowerBound)) != nil else { return }
      server = try? await bind(host: host, port: port)
    }
    try? await server?.channel.close()
  }

  private func accept(_ pipeline: PeerPipeline?) {
    guard let pipeline, !isStopping else { return }
    let address = AddressPrefix.of(pipeline.channel.channel.remoteAddress)
    guard slots.take(address) else {
      Task { try? await pipeline.channel.executeThenClose { _ in } }
      journal.refused(.tooManyHandshakes, node: nil, address: address, direction: .incoming)
      return
    }
    let number = nextAccepted
    nextAccepted += 1
    accepted[number] = Task {
      await self.serve(pipeline, address: address)
      self.accepted[number] = nil
    }
  }

  private func serve(_ pipeline: PeerPipeline, address: String) async {
    let slot = HandshakeSlot(slots, address)
    defer { slot.release() }
    do throws(HandshakeRefusal) {
      let end = try await run(pipeline, side: .responder, slot: slot)
      if let node = try? pipeline.tls.verifiedPeer().binding.node { journal.ended(node, end) }
    } catch {
      journal.refused(
        error, node: try? pipeline.tls.verifiedPeer().binding.node, address: address, direction: .incoming)
    }
  }

  // MARK: Links

  private nonisolated func run(
    _ pipeline: PeerPipeline, side: PeerHandshake.Side, slot: HandshakeSlot? = nil
  ) async throws(HandshakeRefusal) -> LinkEnd {
    let connection = PeerConnection(
      identity: identity, surroundings: surroundings, platforms: platforms, side: side)
    return try await connection.run(pipeline) { link, run, source in
      await self.carry(link, run, &source, slot: slot)
    }
  }

  /// From the first event of a link to its last.
  private nonisolated func carry(
    _ link: PeerLink, _ run: LinkRun, _ source: inout FrameSource, slot: HandshakeSlot?
  ) async -> LinkEnd {
    if slot != nil { allowance.count(link.peer.node, now: surroundings.clock.monotonicNow()) }
    let handler = await register(link)
    // Not before: whoever opens links faster than the older ones end is still within the limit of handshakes.
    slot?.release()
    guard let handler else {
      link.markFinished()
      return .stopping
    }
    let delivering = Task {
      await handler(.up(link.peer))
      await handler(.registry(link.peer.registry, epoch: link.peer.epoch, from: link.peer))
      await run.events.deliver(to: handler)
    }
    let end = await run.run(&source)
    run.events.finish()
    await delivering.value
    await handler(.down(link.peer, end))
    await unregister(link)
    return end
  }

  /// - Returns: nil when the mesh is stopping.
  private func register(_ link: PeerLink) async -> Handler? {
    let node = link.peer.node
    // The last event of the older link with the same node comes before the first of this one.
    while let older = links[node] {
      older.cut(.replaced)
      await older.waitUntilFinished()
    }
    guard let handler, !isStopping else { return nil }
    links[node] = link
    journal.established(link.peer)
    return handler
  }

  private func unregister(_ link: PeerLink) {
    if links[link.peer.node] === link { links[link.peer.node] = nil }
    link.markFinished()
  }
}

public enum PeerMeshError: Error, Sendable, Hashable {
  case alreadyStarted
  /// It does not start again.
  case stopped
}
