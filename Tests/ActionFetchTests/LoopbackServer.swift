import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on loopback that answers as a test says and remembers what it was asked.
final class LoopbackServer: Sendable {
  struct Asked: Sendable {
    var head: HTTPRequestHead
    var body: [UInt8] = []
  }

  enum Answer: Sendable {
    case reply(Int, headers: [(String, String)] = [], body: [UInt8] = [])
    /// Bytes as they are.
    case raw(String)
    case silence
  }

  private let channel: any Channel
  private let asked: Recorder

  final class Recorder: Sendable {
    private let all = Mutex<[Asked]>([])
    func note(_ asked: Asked) { all.withLock { $0.append(asked) } }
    var list: [Asked] { all.withLock { $0 } }
  }

  private init(channel: any Channel, asked: Recorder) {
    self.channel = channel
    self.asked = asked
  }

  /// - Parameter answer: by method and path.
  static func run<Value>(
    host: String = "127.0.0.1", tls: NIOSSLContext? = nil, _ answer: @escaping @Sendable (Asked) -> Answer,
    _ body: (LoopbackServer) async throws -> Value
  ) async throws -> Value {
    let recorder = Recorder()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
          try pipeline.addHandler(Responder(answer: answer, recorder: recorder))
        }
      }
      .bind(host: host, port: 0).get()
    let server = LoopbackServer(channel: channel, asked: recorder)
    do {
      let value = try await body(server)
      try await channel.close()
      return value
    } catch {
      try? await channel.close()
      throw error
    }
  }

  var port: Int { channel.localAddress?.port ?? 0 }
  var requests: [Asked] { asked.list }
}

private final class Responder: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private let answer: @Sendable (LoopbackServer.Asked) -> LoopbackServer.Answer
  private let recorder: LoopbackServer.Recorder
  private var asked: LoopbackServer.Asked?

  init(
    answer: @escaping @Sendable (LoopbackServer.Asked) -> LoopbackServer.Answer, recorder: LoopbackServer.Recorder
  ) {
    self.answer = answer
    self.recorder = recorder
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): asked = LoopbackServer.Asked(head: head)
    case .body(let part): asked?.body += part.readableBytesView
    case .end:
      guard let asked else { return }
      recorder.note(asked)
      var bytes = ByteBuffer()
      switch answer(asked) {
      case .silence: return
      case .raw(let text): bytes.writeString(text)
      case .reply(let status, let headers, let body):
        bytes.writeString("HTTP/1.1 \(status) Said\r\n")
        for (name, value) in headers { bytes.writeString("\(name): \(value)\r\n") }
        bytes.writeString("content-length: \(body.count)\r\n\r\n")
        bytes.writeBytes(body)
      }
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
