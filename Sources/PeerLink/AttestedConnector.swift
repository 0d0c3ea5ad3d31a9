public import Attestation
public import Identifiers
public import Membership
public import NIOCore
public import NIOPosix
public import Wire

/// Opens a user's connections to nodes. Who the other end is comes from the user's own view of the registry.
public struct AttestedConnector: Sendable {
  private let directory: any PeerDirectory
  private let clock: any LocalClock
  private let timeout: Duration
  private let localAddress: SocketAddress?
  private let group: MultiThreadedEventLoopGroup
  private let platforms = PlatformClaims()

  /// - Parameters:
  ///   - timeout: for connecting, and again for TLS.
  ///   - localAddress: where connections come from; nil for what the system chooses.
  public init(
    directory: any PeerDirectory, clock: any LocalClock, timeout: Duration = .seconds(5),
    localAddress: SocketAddress? = nil, group: MultiThreadedEventLoopGroup = .singleton
  ) {
    self.directory = directory
    self.clock = clock
    self.timeout = timeout
    self.localAddress = localAddress
    self.group = group
  }

  /// Connects to a node's client port and verifies its certificate: network, node, membership, stake, evidence and
  /// identity key. Nothing is sent before that.
  ///
  /// Before anything secret is sent, the connection must also pass ``AttestedConnection/verify(_:to:)``.
  ///
  /// - Parameters:
  ///   - endpoint: where to connect; nil for the one in the registry.
  ///   - configure: adds the handlers behind TLS, on the event loop. What it returns is dropped when the node is
  ///     refused, so it must not be something that traps unless it was used, such as a `NIOAsyncChannel`.
  public func connect<Output: Sendable>(
    to node: NodeID, at endpoint: Endpoint? = nil,
    configure: @escaping @Sendable (any Channel) throws -> Output
  ) async throws(HandshakeRefusal) -> AttestedConnection<Output> {
    guard let view = directory.view() else { throw .registryUnavailable }
    let member = try view.member(node)
    let target = endpoint ?? member.clientEndpoint
    let tls = TLSConnection(
      .user { [directory, clock] (chain) throws(HandshakeRefusal) in
        try CertificateCheck(expectation: .exactly(node)).verify(chain, view: directory.view(), now: clock.wall)
      }, applicationProtocol: AttestedServer.applicationProtocol)
    let opened: Opened<Output>
    do {
      opened = try await open(target, tls, configure)
    } catch {
      throw tls.refusal ?? .unreachable(String(describing: error))
    }
    do {
      try await opened.ready.get()
      return AttestedConnection(
        channel: opened.channel, output: opened.output, directory: directory, clock: clock, platforms: platforms,
        certificate: try tls.verifiedPeer(), exporter: try tls.exporter())
    } catch {
      opened.channel.close(promise: nil)
      throw tls.refusal ?? (error as? HandshakeRefusal) ?? .closedByPeer
    }
  }

  private struct Opened<Output: Sendable>: Sendable {
    let channel: any Channel
    let ready: EventLoopFuture<Void>
    let output: Output
  }

  private func open<Output: Sendable>(
    _ endpoint: Endpoint, _ tls: TLSConnection, _ configure: @escaping @Sendable (any Channel) throws -> Output
  ) async throws -> Opened<Output> {
    let limit = TimeAmount.nanoseconds(timeout.nanoseconds)
    var bootstrap = ClientBootstrap(group: group)
    if let localAddress { bootstrap = bootstrap.bind(to: localAddress) }
    return
      try await bootstrap
      .connectTimeout(limit)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: endpoint.host, port: Int(endpoint.port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          let ready = channel.eventLoop.makePromise(of: Void.self)
          do {
            try channel.pipeline.syncOperations.addHandlers(
              tls.makeHandler(), TLSGate(connection: tls, ready: ready, timeout: limit))
            return Opened(channel: channel, ready: ready.futureResult, output: try configure(channel))
          } catch {
            ready.fail(error)
            throw error
          }
        }
      }
  }
}

/// A user's connection to a node whose certificate was verified.
public struct AttestedConnection<Output: Sendable>: Sendable {
  public let channel: any Channel
  /// What the caller's `configure` returned.
  public let output: Output
  /// Fresh when the connection was made, or up to 24 hours old; see ``verify(_:to:)``.
  public let certificate: VerifiedNodeCertificate
  private let directory: any PeerDirectory
  private let clock: any LocalClock
  private let platforms: PlatformClaims
  private let exporter: TLSExporter

  init(
    channel: any Channel, output: Output, directory: any PeerDirectory, clock: any LocalClock,
    platforms: PlatformClaims, certificate: VerifiedNodeCertificate, exporter: TLSExporter
  ) {
    self.channel = channel
    self.output = output
    self.directory = directory
    self.clock = clock
    self.certificate = certificate
    self.platforms = platforms
    self.exporter = exporter
  }

  public var node: NodeID { certificate.binding.node }
  public var instance: Instance { certificate.binding.instance }

  /// Verifies the answer to `POST /v1/attest` on this very connection: live evidence over the challenge and this
  /// connection, signed by the identity key the registry names, with the binding of the certificate, and of a machine that
  /// is no other node's among the open connections of this connector.
  public func verify(
    _ answer: AttestationAnswer, to challenge: AttestationChallenge
  ) throws(HandshakeRefusal) -> VerifiedEvidence {
    guard let view = directory.view() else { throw .registryUnavailable }
    let binding = certificate.binding
    let member = try view.member(binding.node)
    guard member.identityKey == binding.identityKey else { throw .wrongIdentityKey }
    guard answer.binding == binding.encoded else { throw .wrongInstance }
    guard let nonce = try? Digest32(bytes: challenge.nonce) else { throw .malformedFrame }
    let transcript = LiveTranscript(
      network: view.network, clientNonce: nonce, tlsKeyDigest: binding.tlsKeyDigest, node: binding.node,
      instance: binding.instance, exporter: exporter)
    let evidence = try transcript.verify(
      evidenceKind: answer.evidenceKind, evidence: answer.evidence, inclusion: answer.inclusion,
      identitySignature: answer.identitySignature, identityKey: member.identityKey, policy: view.policy, now: clock.wall
    )
    guard evidence.isOfSameMachine(as: certificate.evidence) else { throw .otherPlatform }
    try platforms.take(evidence.platform, for: binding.node)
    channel.closeFuture.whenComplete { [platforms] _ in platforms.release(evidence.platform) }
    return evidence
  }
}
