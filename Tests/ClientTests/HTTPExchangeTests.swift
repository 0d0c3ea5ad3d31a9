import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing
import Wire

@testable import Client

@Suite struct HTTPExchangeTests {
  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel()
    try HTTPConnection.configure(channel)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func send(_ body: [UInt8], on channel: EmbeddedChannel) -> EventLoopFuture<HTTPAnswer> {
    let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/v1/sign")
    head.headers.add(name: "Content-Length", value: String(body.count))
    channel.writeAndFlush(
      HTTPExchangeHandler.Exchange(head: head, body: body, timeout: .seconds(5), promise: promise), promise: nil)
    return promise.futureResult
  }

  private func receive(_ text: String, on channel: EmbeddedChannel) {
    _ = try? channel.writeInbound(ByteBuffer(string: text))
  }

  /// What came of it by now; nothing here takes time, so what is open stays open.
  private func outcome(_ future: EventLoopFuture<HTTPAnswer>) -> Result<HTTPAnswer, any Error>? {
    let seen = Mutex<Result<HTTPAnswer, any Error>?>(nil)
    future.whenComplete { result in seen.withLock { $0 = result } }
    return seen.withLock(\.self)
  }

  private func failure(_ future: EventLoopFuture<HTTPAnswer>) -> ConnectionFailure? {
    guard case .failure(let error) = outcome(future) else { return nil }
    return error as? ConnectionFailure
  }

  private func answer(_ future: EventLoopFuture<HTTPAnswer>) -> HTTPAnswer? {
    try? outcome(future)?.get()
  }

  @Test func `a request is written whole and its answer read whole`() throws {
    let channel = try channel()
    let answer = send(Array("{}".utf8), on: channel)
    let written = try #require(try channel.readOutbound(as: ByteBuffer.self))
    #expect(String(buffer: written).hasPrefix("POST /v1/sign HTTP/1.1\r\n"))
    receive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", on: channel)
    receive("llo", on: channel)
    #expect(self.answer(answer) == HTTPAnswer(status: 200, body: Array("hello".utf8)))
    #expect(channel.isActive)
  }

  @Test func `two requests take turns on one connection`() throws {
    let channel = try channel()
    for word in ["a", "b"] {
      let answer = send([], on: channel)
      receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(word)", on: channel)
      #expect(self.answer(answer)?.body == Array(word.utf8))
    }
  }

  @Test func `a second request before the first answer fails and does not take that answer`() throws {
    let channel = try channel()
    let first = send([], on: channel)
    #expect(failure(send([], on: channel)) == .closed)
    receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", on: channel)
    #expect(self.answer(first)?.body == Array("a".utf8))
  }

  @Test func `T10 an answer that does not come ends the connection`() throws {
    let channel = try channel()
    let answer = send([], on: channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(6))
    #expect(failure(answer) == .timedOut)
    #expect(!channel.isActive)
  }

  @Test func `T11 an answer without end is cut at the limit`() throws {
    let channel = try channel()
    let answer = send([], on: channel)
    receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", on: channel)
    let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
    for _ in 0...(WireLimits.body / 65_536) { receive(chunk, on: channel) }
    #expect(failure(answer) == .malformed)
    #expect(!channel.isActive)
  }

  @Test func `T11 what is not HTTP ends the connection`() throws {
    let channel = try channel()
    let answer = send([], on: channel)
    receive("SSH-2.0-OpenSSH\r\n", on: channel)
    #expect(failure(answer) == .malformed)
    #expect(!channel.isActive)
  }

  @Test func `an answer nobody asked for ends the connection`() throws {
    let channel = try channel()
    receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", on: channel)
    #expect(!channel.isActive)
  }

  @Test func `a connection that ends early says so`() throws {
    let channel = try channel()
    let answer = send([], on: channel)
    receive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", on: channel)
    _ = try? channel.finish()
    #expect(failure(answer) != nil)
  }

  @Test func `a node that wants to close is obeyed after its answer`() throws {
    let channel = try channel()
    let answer = send([], on: channel)
    receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", on: channel)
    #expect(self.answer(answer)?.status == 200)
    #expect(!channel.isActive)
  }
}
