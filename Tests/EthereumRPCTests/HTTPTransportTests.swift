import EthereumRPC
import Identifiers
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

struct HTTPTransportTests {
  /// A server on loopback that answers every connection with these bytes as soon as something came.
  private static func serving<Value>(
    _ bytes: String, ends: Bool = true, _ body: (EndpointURL) async throws -> Value
  ) async throws -> Value {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Replier(bytes: bytes, ends: ends))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    do {
      let value = try await body(try EndpointURL("http://127.0.0.1:\(port)/key"))
      try await channel.close()
      return value
    } catch {
      try? await channel.close()
      throw error
    }
  }

  private final class Replier: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let bytes: String
    private let ends: Bool
    private var answered = false

    init(bytes: String, ends: Bool) {
      self.bytes = bytes
      self.ends = ends
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !answered else { return }
      answered = true
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes))).whenComplete { [ends] _ in
        if ends { bound.value.close(promise: nil) }
      }
    }
  }

  private func exchange(_ url: EndpointURL, within time: Duration = .seconds(10)) async throws -> [UInt8] {
    try await HTTPTransport(url).exchange(Array("{}".utf8), limit: RPCLimits.answer, within: time)
  }

  @Test func `An answer with a length, in chunks, or until the end of the connection is taken`() async throws {
    let answers = [
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\nhi",
    ]
    for answer in answers {
      #expect(try await Self.serving(answer) { try await exchange($0) } == Array("hi".utf8))
    }
  }

  @Test(arguments: [
    ("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", TransportFailure.status(500)),
    ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", .status(302)),
    ("HTTP/1.1 204 None\r\n\r\n", .status(204)),
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", .malformed),
    ("nothing of the kind\r\n\r\n", .malformed),
    ("", .closed),
  ])
  func `What is not a whole answer is none`(_ bytes: String, _ failure: TransportFailure) async throws {
    await #expect {
      try await Self.serving(bytes) { try await exchange($0) }
    } throws: { error in
      // A connection that ends early shows as either, depending on who sees it first.
      let found = error as? TransportFailure
      return found == failure || [failure, found].allSatisfy { $0 == .malformed || $0 == .closed }
    }
  }

  @Test func `An answer larger than any answer may be is cut off`() async throws {
    let body = String(repeating: "a", count: RPCLimits.answer + 1)
    await #expect(throws: TransportFailure.tooLarge) {
      try await Self.serving("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)") {
        try await exchange($0)
      }
    }
  }

  @Test func `Silence ends when its time is up, and at once when nobody waits any more`() async throws {
    await #expect(throws: TransportFailure.timedOut) {
      try await Self.serving("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", ends: false) {
        try await exchange($0, within: .milliseconds(50))
      }
    }
    try await Self.serving("HTTP/1.1 200 OK\r\n", ends: false) { url in
      let asking = Task { try await exchange(url, within: .seconds(600)) }
      asking.cancel()
      await #expect(throws: TransportFailure.cancelled) { try await asking.value }
    }
  }

  @Test func `Where nobody listens nothing is reached`() async throws {
    let url = try await Self.serving("") { $0 }
    await #expect(throws: TransportFailure.unreachable) { try await exchange(url) }
  }

  @Test(arguments: [
    "http://example.com", "http://10.0.0.1:8545", "http://127.0.0.1.example.com",
  ])
  func `Another machine is not asked without TLS`(_ text: String) {
    #expect(throws: EndpointURLError.notSecure) { try EndpointURL(text) }
  }

  @Test(arguments: [
    "", "ftp://127.0.0.1", "https://", "https://user:secret@example.com", "https://example.com/#part",
    "https://example.com:0", "https://example.com:65536", "https://exa mple.com", "https://example.com/\r\nHost: a",
    "//example.com", "https:example.com",
  ])
  func `Texts that are no endpoint`(_ text: String) {
    #expect(throws: EndpointURLError.notAURL) { try EndpointURL(text) }
  }

  @Test(arguments: [
    "https://example.com", "https://example.com:8545/v3/key?a=b", "http://[::1]:8545", "http://localhost:1/",
  ])
  func `Texts that are`(_ text: String) throws {
    #expect(try EndpointURL(text).text == text)
  }
}
