internal import Crypto
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import SwiftASN1
internal import X509

/// Mutual TLS 1.3 between two self-signed P-256 certificates that each end simply believes: what a link would cost if
/// nobody had to prove what they are. Like a link, every connection has a context of its own.
final class BareTLS: Sendable {
  private let certificate: NIOSSLCertificate
  private let key: NIOSSLPrivateKey
  private let server: any Channel
  private let accepted: AsyncStream<Void>

  init() async throws {
    let signingKey = P256.Signing.PrivateKey()
    let name = try DistinguishedName { CommonName("benchmark") }
    let issued = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(signingKey.publicKey),
      notValidBefore: Date(timeIntervalSinceNow: -60), notValidAfter: Date(timeIntervalSinceNow: 3600),
      issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions(),
      issuerPrivateKey: .init(signingKey))
    var serializer = DER.Serializer()
    try serializer.serialize(issued)
    let certificate = try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)
    let key = try NIOSSLPrivateKey(bytes: Array(signingKey.derRepresentation), format: .der)
    let (accepted, done) = AsyncStream.makeStream(of: Void.self)
    server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = NIOSSLServerHandler(
            context: try Self.context(certificate, key),
            customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) })
          try channel.pipeline.syncOperations.addHandlers(handler, HandshakeEnd { done.yield() })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    self.certificate = certificate
    self.key = key
    self.accepted = accepted
  }

  func close() async throws { try await server.close() }

  /// One handshake, until both ends know that it is over; the connection is closed outside of the sample.
  func handshake() async throws -> Stopwatch {
    let port = server.localAddress?.port ?? 0
    let opened = ChannelBox()
    let sample = try await Stopwatch.sample {
      let (connected, done) = AsyncStream.makeStream(of: Void.self)
      opened.channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: "127.0.0.1", port: port) { [certificate, key] channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = try NIOSSLClientHandler(
              context: try Self.context(certificate, key), serverHostname: nil,
              customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) })
            try channel.pipeline.syncOperations.addHandlers(handler, HandshakeEnd { done.yield() })
            return channel
          }
        }
      for await _ in connected { break }
      for await _ in accepted { break }
    }
    try? await opened.channel?.close()
    return sample
  }

  private static func context(_ certificate: NIOSSLCertificate, _ key: NIOSSLPrivateKey) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv13
    configuration.maximumTLSVersion = .tlsv13
    configuration.trustRoots = .certificates([])
    configuration.certificateVerification = .noHostnameVerification
    return try NIOSSLContext(configuration: configuration)
  }

  /// Used by one task.
  private final class ChannelBox {
    var channel: (any Channel)?
  }
}

/// Says when TLS is complete.
private final class HandshakeEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let onEnd: @Sendable () -> Void

  init(_ onEnd: @escaping @Sendable () -> Void) {
    self.onEnd = onEnd
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted = event as? TLSUserEvent { onEnd() }
    context.fireUserInboundEventTriggered(event)
  }
}
