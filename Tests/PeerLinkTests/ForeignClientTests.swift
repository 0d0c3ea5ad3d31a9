import Attestation
import Crypto
import Foundation
import Identifiers
import Membership
import NIOCore
import NIOPosix
import NIOSSL
@testable import PeerLink
import ProtocolTestKit
import SwiftASN1
import Testing
import Wire
import X509

extension Loopback {
  /// Strangers at the port for nodes.
  @Suite struct ForeignClientTests {
    @Test func `T6 a client without a certificate is refused`() async throws {
      try await expectRefusal("tls") { _ in }
    }

    @Test func `T6 N a server that asks for no certificate serves it`() async throws {
      try await expectEntry(at: ForgivingServer(asking: false)) { _ in }
    }

    private let oldTLS: @Sendable (inout TLSConfiguration) throws -> Void = { configuration in
      configuration.minimumTLSVersion = .tlsv12
      configuration.maximumTLSVersion = .tlsv12
    }

    @Test func `T1 a client that speaks TLS 1_2 at most is refused`() async throws {
      try await expectRefusal("tls", configure: oldTLS)
    }

    @Test func `T1 N a server that still speaks TLS 1_2 serves it`() async throws {
      try await expectEntry(at: ForgivingServer(asking: false, minimumTLS: .tlsv12), configure: oldTLS)
    }

    @Test(.enabled(if: OpenSSLCommand.path != nil, "openssl is not installed"))
    func `T1 T6 the openssl client is refused without a certificate, and with TLS 1_2`() async throws {
      for (option, limit) in [("-tls1_3", "without a certificate"), ("-tls1_2", "with TLS 1.2")] {
        let honest = try await TestNetwork().attackedNode(2)
        let printed = try await OpenSSLCommand.run(
          [
            "s_client", "-connect", "127.0.0.1:\(honest.port)", option, "-alpn", PeerPipeline.applicationProtocol,
            "-nocommands",
          ], until: { honest.refusals("tls", "incoming") == 1 })
        #expect(printed.contains("CONNECTED"), "it did not even connect \(limit)")
        try await honest.expectRefusal("tls", .incoming)
      }
    }

    /// An ordinary certificate with so much in it that its DER is larger than any node's may be.
    private func oversized() throws -> @Sendable (inout TLSConfiguration) throws -> Void {
      let key = P256.Signing.PrivateKey()
      let der = try plainCertificate(key, padding: NodeCertificate.maximumSize)
      return { configuration in
        configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: der, format: .der))]
        configuration.privateKey = .privateKey(
          try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
      }
    }

    @Test func `T11 a certificate larger than any node's may be is refused before it is parsed`() async throws {
      try await expectRefusal("certificate-too-large", configure: oversized())
    }

    @Test func `T11 N a server that does not look at the size takes it`() async throws {
      let server = try await ForgivingServer(asking: true)
      try await expectEntry(at: server, configure: oversized())
      #expect(server.certificateSizes.contains { $0 > NodeCertificate.maximumSize })
    }

    @Test func `T6 a client with an ordinary self-signed certificate is refused`() async throws {
      let key = P256.Signing.PrivateKey()
      try await expectRefusal("certificate-malformed") { configuration in
        configuration.certificateChain = [
          .certificate(try NIOSSLCertificate(bytes: plainCertificate(key), format: .der))
        ]
        configuration.privateKey = .privateKey(
          try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
      }
    }

    @Test func `T6 more than one certificate is refused`() async throws {
      let network = TestNetwork()
      let member = try await network.identity(1)
      try await expectRefusal("certificate-count", network: network) { configuration in
        let own = try NIOSSLCertificate(bytes: member.certificate.der, format: .der)
        configuration.certificateChain = [.certificate(own), .certificate(own)]
        configuration.privateKey = member.tlsKey
      }
    }

    @Test func `T12 a genuine member that came for another protocol is refused`() async throws {
      let network = TestNetwork()
      let member = try await network.identity(1)
      try network.list(member, port: 1)
      try await expectRefusal("tls", network: network) { configuration in
        configuration.applicationProtocols = ["http/1.1"]
        configuration.certificateChain = [
          .certificate(try NIOSSLCertificate(bytes: member.certificate.der, format: .der))
        ]
        configuration.privateKey = member.tlsKey
      }
    }

    @Test func `T1 a client that does not speak TLS is refused`() async throws {
      let honest = try await TestNetwork().attackedNode(2)
      let client = try await connect(honest)
      try await client.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
      try await honest.expectRefusal("tls", .incoming)
      try? await client.close()
    }

    @Test func `T10 a handshake that never starts is ended at the deadline, however its bytes drip`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.handshake = .milliseconds(300)
      let honest = try await TestNetwork().attackedNode(2, limits: limits)
      let silent = try await connect(honest)
      let dripping = try await connect(honest)
      let drip = Task {
        for byte in [0x16, 0x03, 0x01, 0x02, 0x00] as [UInt8] {
          try await dripping.writeAndFlush(ByteBuffer(bytes: [byte]))
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      try await silent.closeFuture.get()
      try await dripping.closeFuture.get()
      _ = try? await drip.value
      try await honest.expectRefusal("deadline", .incoming, count: 2)
    }

    @Test func `T10 N an end with all the time in the world waits for a handshake that never starts`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.handshake = .seconds(60)
      let patient = try await TestNetwork().node(2, limits: limits)
      let silent = try await connect(patient)
      try await Task.sleep(for: .seconds(1))
      #expect(silent.isActive)
      #expect(patient.allRefusals.isEmpty)
      try? await silent.close()
      await patient.mesh.stop()
    }

    @Test func `T10 no more handshakes at once than the limit for an address, and again when they are over`()
      async throws
    {
      var limits = PeerLinkLimits.forTests
      limits.handshakesInFlightPerAddress = 2
      let clock = ManualClock(wall: SystemClock().wall)
      let honest = try await TestNetwork().node(2, limits: limits, clock: clock)
      var clients: [any Channel] = []
      for _ in 0..<5 { clients.append(try await connect(honest)) }
      try await eventually("three are refused") { honest.refusals("too-many-handshakes", "incoming") == 3 }
      try await eventually("two wait, and two of the mesh's own") { clock.sleeperCount == 4 }
      clock.advance(by: limits.handshake)
      try await eventually("two ran out of time") { honest.refusals("deadline", "incoming") == 2 }
      for client in clients { try await client.closeFuture.get() }
      clients = [try await connect(honest), try await connect(honest), try await connect(honest)]
      try await eventually("there was room for two again") {
        honest.refusals("too-many-handshakes", "incoming") == 4
      }
      for client in clients { try? await client.close() }
      await honest.mesh.stop()
    }

    @Test func `T10 a link that waits for an older one to end still counts as a handshake`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.handshakesInFlightPerAddress = 1
      let network = TestNetwork()
      let member = try await network.identity(1)
      let honest = try await network.node(2, limits: limits)
      await honest.events.block(true)
      let clock = SystemClock()
      let first = try await TestNode(identity: member, directory: network.directory, limits: .forTests, clock: clock)
      try network.introduce(first, honest)
      try await eventually("the link is up") { await areLinked(first, honest) }
      // Links to the same member from now on replace this one, whose first event is still being handled.
      let second = try await TestNode(identity: member, directory: network.directory, limits: .forTests, clock: clock)
      try await eventually("the second link waits") { await honest.mesh.peer(member.node) == nil }
      await first.mesh.stop()
      let refused = honest.refusals("too-many-handshakes", "incoming")
      let stranger = try await connect(honest)
      try await eventually("there is no room for another", within: .seconds(5)) {
        honest.refusals("too-many-handshakes", "incoming") > refused
      }
      try? await stranger.close()
      await honest.events.block(false)
      try await eventually("the second link is up") { await areLinked(second, honest) }
      await second.mesh.stop()
      await honest.mesh.stop()
    }

    @Test(.enabled(if: OpenSSLCommand.path != nil, "openssl is not installed"))
    func `T2 a resumed session, which would ask for no certificate, is refused`() async throws {
      let network = TestNetwork()
      let honest = try await network.attackedNode(2)
      let folder = FileManager.default.temporaryDirectory.appending(path: "quorate-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let key = P256.Signing.PrivateKey()
      let member = try await member(network, key: key)
      try member.pem.write(to: folder.appending(path: "certificate.pem"), atomically: true, encoding: .utf8)
      try key.pemRepresentation.write(to: folder.appending(path: "key.pem"), atomically: true, encoding: .utf8)
      let session = folder.appending(path: "session.pem").path
      let target = [
        "s_client", "-connect", "127.0.0.1:\(honest.port)", "-tls1_3", "-alpn", PeerPipeline.applicationProtocol,
        "-nocommands",
      ]

      // Tickets come with the first bytes the server writes: its hello, in answer to ours.
      let view = try #require(network.directory.view())
      let hello = try LinkFrame.hello(
        PeerHello(
          version: LiveTranscript.protocolVersion, network: view.network, epoch: view.epoch, from: member.identity.node,
          to: honest.id, instance: member.identity.instance, nonce: Digest32.zero, registry: view.registry)
      ).encoded()
      let first = try await OpenSSLCommand.run(
        target + [
          "-cert", folder.appending(path: "certificate.pem").path, "-key", folder.appending(path: "key.pem").path,
          "-sess_out", session,
        ], input: UInt32(hello.count).bigEndianBytes + hello,
        until: { FileManager.default.fileExists(atPath: session) })
      #expect(first.contains("Post-Handshake New Session Ticket arrived"))
      #expect(FileManager.default.fileExists(atPath: session))
      try await eventually("the first got past TLS, \(honest.allRefusals)") {
        honest.refusals("closed-by-peer", "incoming") == 1
      }
      let second = try await OpenSSLCommand.run(
        target + ["-sess_in", session], until: { honest.refusals("tls", "incoming") == 1 })
      #expect(!second.contains("Reused, TLSv1.3"))
      try await honest.expectRefusal("tls", .incoming)
    }

    /// The control to the test above: with one context for all connections the same attack succeeds.
    @Test(.enabled(if: OpenSSLCommand.path != nil, "openssl is not installed"))
    func `T2 N with a shared TLS context the same resumption gets in without a certificate`() async throws {
      let key = P256.Signing.PrivateKey()
      let server = try await ForgivingServer(asking: true)
      let folder = FileManager.default.temporaryDirectory.appending(path: "quorate-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let (certificate, secret) = (folder.appending(path: "certificate.pem"), folder.appending(path: "key.pem"))
      let pem = PEMDocument(type: "CERTIFICATE", derBytes: try plainCertificate(key)).pemString
      try pem.write(to: certificate, atomically: true, encoding: .utf8)
      try key.pemRepresentation.write(to: secret, atomically: true, encoding: .utf8)
      let session = folder.appending(path: "session.pem").path
      let target = ["s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_3", "-nocommands"]

      _ = try await OpenSSLCommand.run(
        target + ["-cert", certificate.path, "-key", secret.path, "-sess_out", session], input: Array("hello\n".utf8),
        until: { FileManager.default.fileExists(atPath: session) })
      let started = ContinuousClock.now
      let second = try await OpenSSLCommand.run(
        target + ["-sess_in", session], input: Array("again\n".utf8),
        until: { ContinuousClock.now - started > .seconds(1) })
      #expect(second.contains("Reused, TLSv1.3"))
      #expect(second.contains("again"))
      await server.stop()
    }

    // MARK: Parts

    private func expectRefusal(
      _ reason: String, network: TestNetwork = TestNetwork(), sourceLocation: SourceLocation = #_sourceLocation,
      configure: (inout TLSConfiguration) throws -> Void
    ) async throws {
      let honest = try await network.attackedNode(2)
      let client = try await client(of: honest.port, LineOfText(), configure)
      try await honest.expectRefusal(reason, .incoming, sourceLocation: sourceLocation)
      try? await client.close()
    }

    /// The control: the same client at a server that is less strict is served.
    private func expectEntry(
      at server: ForgivingServer, sourceLocation: SourceLocation = #_sourceLocation,
      configure: @Sendable (inout TLSConfiguration) throws -> Void
    ) async throws {
      let line = LineOfText()
      let client = try await client(of: server.port, line, configure)
      try await client.writeAndFlush(ByteBuffer(string: "hello\n"))
      try await eventually("it is served", sourceLocation: sourceLocation) { line.received == "hello\n" }
      try? await client.close()
      await server.stop()
    }

    private func client(
      of port: Int, _ line: LineOfText, _ configure: (inout TLSConfiguration) throws -> Void
    ) async throws -> any Channel {
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.certificateVerification = .none
      configuration.trustRoots = .certificates([])
      configuration.applicationProtocols = [PeerPipeline.applicationProtocol]
      try configure(&configuration)
      let context = try NIOSSLContext(configuration: configuration)
      return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(
              NIOSSLClientHandler(context: context, serverHostname: nil), LineReader(line))
          }
        }
        .connect(host: "127.0.0.1", port: port).get()
    }

    private func connect(_ node: TestNode) async throws -> any Channel {
      try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: node.port).get()
    }

    /// A genuine member's certificate whose key the test knows.
    private func member(_ network: TestNetwork, key: P256.Signing.PrivateKey) async throws -> (
      identity: NodeIdentity, pem: String
    ) {
      let identity = try await network.identity(1)
      try network.list(identity, port: 1)
      let certificate = try await NodeCertificate.issue(
        identity.certificate.binding, tlsKey: key, provider: identity.attester)
      return (identity, PEMDocument(type: "CERTIFICATE", derBytes: certificate.der).pemString)
    }
  }
}
