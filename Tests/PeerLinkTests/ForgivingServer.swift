import Crypto
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// A TLS server that repeats what it is sent and lets in whom a node would refuse: one context for all connections, any
/// certificate, and less where a test asks for less.
final class ForgivingServer: Sendable {
  let port: Int
  private let listener: any Channel
  private let seen: Sizes

  private final class Sizes: Sendable {
    let all = Mutex<[Int]>([])
  }

  /// - Parameter asking: whether it asks for a certificate at all.
  init(asking: Bool, minimumTLS: TLSVersion = .tlsv13) async throws {
    let key = P256.Signing.PrivateKey()
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(try NIOSSLCertificate(bytes: plainCertificate(key), format: .der))],
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der)))
    configuration.minimumTLSVersion = minimumTLS
    configuration.certificateVerification = asking ? .noHostnameVerification : .none
    configuration.trustRoots = .certificates([])
    let shared = try NIOSSLContext(configuration: configuration)
    let seen = Sizes()
    self.seen = seen
    listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let tls =
            asking
            ? NIOSSLServerHandler(
              context: shared,
              customVerificationCallback: { chain, promise in
                seen.all.withLock { $0 += chain.map { (try? $0.toDERBytes().count) ?? 0 } }
                promise.succeed(chain.isEmpty ? .failed : .certificateVerified)
              })
            : NIOSSLServerHandler(context: shared)
          try channel.pipeline.syncOperations.addHandlers(tls, Echo())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
  }

  var certificateSizes: [Int] { seen.all.withLock(\.self) }

  func stop() async {
    try? await listener.close()
  }
}

/// Says nothing of nodes, networks or evidence.
/// - Parameter padding: bytes of an extension nobody knows.
func plainCertificate(_ key: P256.Signing.PrivateKey, padding: Int = 0) throws -> [UInt8] {
  let subject = try DistinguishedName { CommonName("nobody") }
  let unknown = Certificate.Extension(
    oid: [2, 25, 1], critical: false, value: ArraySlice([UInt8](repeating: 0, count: padding)))
  let certificate = try Certificate(
    version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
    notValidBefore: Date(), notValidAfter: Date(timeIntervalSinceNow: 3_600), issuer: subject, subject: subject,
    signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions(padding > 0 ? [unknown] : []),
    issuerPrivateKey: .init(key))
  var serializer = DER.Serializer()
  try serializer.serialize(certificate)
  return serializer.serializedBytes
}

/// What came in on one connection.
final class LineOfText: Sendable {
  private let text = Mutex("")

  var received: String { text.withLock(\.self) }
  func add(_ more: String) { text.withLock { $0 += more } }
}

final class LineReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let line: LineOfText

  init(_ line: LineOfText) {
    self.line = line
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    line.add(String(buffer: unwrapInboundIn(data)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

private final class Echo: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.writeAndFlush(data, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
