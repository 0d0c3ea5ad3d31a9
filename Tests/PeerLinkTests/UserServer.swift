import NIOCore
import NIOPosix
@testable import PeerLink
import Synchronization
import Wire

/// A node's client port with a protocol of one line each way: a challenge, and the answer to it.
final class UserServer: Sendable {
  let port: Int
  private let listener: any Channel
  private let log: Log

  private final class Log: Sendable {
    private let all = Mutex<[AttestedServerConnection]>([])
    func add(_ connection: AttestedServerConnection) { all.withLock { $0.append(connection) } }
    var connections: [AttestedServerConnection] { all.withLock(\.self) }
  }

  /// - Parameter answer: what it says to a challenge, where that is not the truth.
  init(
    _ identity: NodeIdentity, timeout: TimeAmount = .seconds(5),
    answer: @escaping @Sendable (AttestedServerConnection, AttestationChallenge) async throws -> AttestationAnswer = {
      try await $0.answer($1)
    }
  ) async throws {
    let attested = AttestedServer(identity: identity)
    let log = Log()
    self.log = log
    listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let secured = try attested.secure(channel, timeout: timeout)
          log.add(secured)
          try channel.pipeline.syncOperations.addHandler(
            LineHandler { line in
              let challenge = try AttestationChallenge(decoding: line)
              return try await answer(secured, challenge).encoded
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
  }

  var connected: [AttestedServerConnection] { log.connections }

  func stop() async {
    try? await listener.close()
  }
}

/// Hands every line to a closure and sends back what it returns, as a line.
private final class LineHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let answer: @Sendable ([UInt8]) async throws -> [UInt8]?
  private var line: [UInt8] = []

  init(answer: @escaping @Sendable ([UInt8]) async throws -> [UInt8]?) {
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    line += unwrapInboundIn(data).readableBytesView
    guard line.last == UInt8(ascii: "\n") else { return }
    let (channel, whole) = (context.channel, Array(line.dropLast()))
    line = []
    Task { [answer] in
      guard let reply = try await answer(whole) else { return }
      try await channel.writeAndFlush(ByteBuffer(bytes: reply + [UInt8(ascii: "\n")]))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// A user's end of the same protocol.
struct UserChannel: Sendable {
  private let channel: any Channel
  private let answers: AsyncStream<[UInt8]>

  /// On the event loop of the channel.
  init(_ channel: any Channel) throws {
    let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    self.channel = channel
    answers = stream
    try channel.pipeline.syncOperations.addHandler(
      LineHandler { line in
        continuation.yield(line)
        return nil
      })
    channel.closeFuture.whenComplete { _ in continuation.finish() }
  }

  func ask(_ challenge: AttestationChallenge) async throws -> AttestationAnswer {
    try await channel.writeAndFlush(ByteBuffer(bytes: challenge.encoded + [UInt8(ascii: "\n")]))
    var iterator = answers.makeAsyncIterator()
    return try AttestationAnswer(decoding: await iterator.next() ?? [])
  }
}
