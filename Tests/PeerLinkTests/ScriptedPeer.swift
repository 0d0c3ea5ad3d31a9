import Attestation
import Identifiers
import NIOCore
import NIOPosix
@testable import PeerLink
import Wire

/// The other end of a link, past TLS, that says whatever a test wants it to say.
struct ScriptedPeer {
  let identity: NodeIdentity
  let directory: TestDirectory
  /// How it judges certificates where that is not as everybody does.
  var judge: Judge?

  typealias Judge =
    @Sendable ([[UInt8]], CertificateCheck.Expectation, PeerView?) throws(HandshakeRefusal) -> VerifiedNodeCertificate

  /// What a script has in its hands.
  struct Stage {
    let tls: TLSConnection
    let wire: FrameWire
    let channel: any Channel
    let view: PeerView
    let identity: NodeIdentity

    func hello(to node: NodeID, changing change: (inout PeerHello) -> Void = { _ in }) -> PeerHello {
      var hello = PeerHello(
        version: LiveTranscript.protocolVersion, network: view.network, epoch: view.epoch, from: identity.node,
        to: node, instance: identity.instance, nonce: Digest32.zero, registry: view.registry)
      change(&hello)
      return hello
    }

    func proofs(_ side: LiveProofs.Side, epoch: UInt64) throws -> LiveProofs {
      LiveProofs(
        network: view.network, epoch: epoch, side: side, own: .init(identity.certificate.binding),
        peer: .init(try tls.verifiedPeer().binding), exporter: try tls.exporter())
    }
  }

  /// Dials a node and runs the script once TLS is complete.
  func dial<Result>(
    _ node: TestNode, script: (Stage, inout FrameSource) async throws -> Result
  ) async throws -> Result {
    try await dial(node.id, port: node.port, script: script)
  }

  func dial<Result>(
    _ node: NodeID, port: Int, script: (Stage, inout FrameSource) async throws -> Result
  ) async throws -> Result {
    let side = TLSConnection.Side.peerClient(identity, certification(.exactly(node)))
    let pipeline = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture { try PeerPipeline(channel, side: side) }
      }
    return try await run(pipeline, script: script)
  }

  /// Runs the script on every connection, one after the other, until it is stopped.
  struct Listener {
    let port: Int
    fileprivate let serving: Task<Void, Never>

    func stop() async {
      serving.cancel()
      await serving.value
    }
  }

  func listen(script: @escaping @Sendable (Stage, inout FrameSource) async throws -> Void) async throws -> Listener {
    let side = TLSConnection.Side.peerServer(identity, certification(.anyMember(below: identity.node)))
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture { try PeerPipeline(channel, side: side) }
      }
    let serving = Task<Void, Never> {
      _ = try? await server.executeThenClose { connections in
        for try await pipeline in connections { try? await run(pipeline, script: script) }
      }
    }
    return Listener(port: server.channel.localAddress?.port ?? 0, serving: serving)
  }

  private func certification(_ expectation: CertificateCheck.Expectation) -> TLSConnection.Certification {
    { [directory, judge] (chain) throws(HandshakeRefusal) in
      if let judge { return try judge(chain, expectation, directory.view()) }
      return try CertificateCheck(expectation: expectation)
        .verify(chain, view: directory.view(), now: SystemClock().wall)
    }
  }

  private func run<Result>(
    _ pipeline: PeerPipeline, script: (Stage, inout FrameSource) async throws -> Result
  ) async throws -> Result {
    guard let view = directory.view() else { throw HandshakeRefusal.registryUnavailable }
    return try await pipeline.channel.executeThenClose { inbound in
      try await pipeline.ready.get()
      pipeline.frameLimit.raiseToFull()
      var source = FrameSource(inbound, tls: pipeline.tls)
      let wire = FrameWire(channel: pipeline.channel.channel, queueLimit: 64 << 20)
      return try await script(
        Stage(
          tls: pipeline.tls, wire: wire, channel: pipeline.channel.channel, view: view, identity: identity), &source)
    }
  }
}

extension ScriptedPeer.Stage {
  /// Length prefix and bytes, whatever they are.
  func send(raw bytes: [UInt8], length: UInt32? = nil) {
    var buffer = channel.allocator.buffer(capacity: 4 + bytes.count)
    buffer.writeInteger(length ?? UInt32(clamping: bytes.count))
    buffer.writeBytes(bytes)
    channel.writeAndFlush(buffer, promise: nil)
  }

  /// Goes through the handshake honestly, as the one that dialled.
  func shakeHands(with node: NodeID, _ source: inout FrameSource) async throws -> LiveProofs {
    try wire.send(.hello(hello(to: node)))
    guard case .hello(let theirs) = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
    let proofs = try proofs(.initiator, epoch: view.epoch)
    let nonces = LiveProofs.Nonces(initiator: Digest32.zero, responder: theirs.nonce)
    try wire.send(.proof(await proofs.prove(nonces, as: identity)))
    guard case .proof = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
    try wire.send(.keepAlive(epoch: view.epoch, registry: view.registry))
    return proofs
  }

  /// Reads until the other end closes, which it must.
  func waitForClose(_ source: inout FrameSource) async {
    while (try? await source.next()) != nil {}
  }
}
