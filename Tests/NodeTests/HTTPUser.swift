import Attestation
import Foundation
import Identifiers
import Membership
import NIOCore
import NIOPosix
import NIOSSL
import PeerLink
import Synchronization
import Testing
import Transcripts
import Wire

/// What came back over one connection, byte for byte.
struct RawAnswer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  var error: ErrorCode? { try? ErrorResponse(decoding: body).code }

  /// Nil while it is not complete.
  init?(_ bytes: [UInt8]) {
    let end = Array("\r\n\r\n".utf8)
    guard let headEnd = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
    let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count > 1, let status = Int(words[1]) else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    guard let count = headers["content-length"].flatMap(Int.init), bytes.count >= headEnd + 4 + count else {
      return nil
    }
    self.status = status
    self.headers = headers
    body = Array(bytes[(headEnd + 4)..<(headEnd + 4 + count)])
  }
}

/// Collects what arrives and notices the end.
final class RawCollector: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private struct State {
    var bytes: [UInt8] = []
    var isClosed = false
  }

  private let state = Mutex(State())

  var isClosed: Bool { state.withLock(\.isClosed) }

  func takeAnswer() -> RawAnswer? {
    state.withLock { state in
      guard let answer = RawAnswer(state.bytes) else { return nil }
      state.bytes = []
      return answer
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    state.withLock { $0.bytes += buffer.readableBytesView }
  }

  func channelInactive(context: ChannelHandlerContext) {
    state.withLock { $0.isClosed = true }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

struct NoAnswer: Error {}

/// A connection on which every byte is the test's own.
struct RawConnection: Sendable {
  let channel: any Channel
  let collector: RawCollector

  /// Without TLS.
  static func plain(port: Int) async throws -> RawConnection {
    let collector = RawCollector()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { $0.pipeline.addHandler(collector) }
      .connect(host: "127.0.0.1", port: port).get()
    return RawConnection(channel: channel, collector: collector)
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// What the other end no longer wants is lost.
  func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

  func answer(within limit: Duration = .seconds(10)) async throws -> RawAnswer {
    guard let answer = try await answerIfAny(within: limit) else { throw NoAnswer() }
    return answer
  }

  /// Nil once the other end closed the connection, or the time is over.
  func answerIfAny(within limit: Duration = .seconds(10)) async throws -> RawAnswer? {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < limit {
      if let answer = collector.takeAnswer() { return answer }
      if isClosed { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    return collector.takeAnswer()
  }

  func isCut(within limit: Duration = .seconds(10)) async throws -> Bool {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < limit {
      if isClosed { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  private var isClosed: Bool { collector.isClosed || !channel.isActive }

  func get(_ path: String) async throws -> RawAnswer {
    sendGet(path)
    return try await answer()
  }

  func sendGet(_ path: String) {
    send("GET \(path) HTTP/1.1\r\nHost: node\r\n\r\n")
  }

  func post(
    _ path: String, _ body: [UInt8], contentType: String? = "application/json", method: String = "POST"
  ) async throws -> RawAnswer {
    let type = contentType.map { "Content-Type: \($0)\r\n" } ?? ""
    let head = "\(method) \(path) HTTP/1.1\r\nHost: node\r\n\(type)Content-Length: \(body.count)\r\n\r\n"
    send(Array(head.utf8) + body)
    return try await answer()
  }

  func close() { channel.close(promise: nil) }
}

/// A directory in which one node is a member.
struct OneMember: PeerDirectory {
  let value: PeerView

  func view() -> PeerView? { value }
  func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
