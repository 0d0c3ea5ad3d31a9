import Identifiers
import NIOCore
import NIOPosix
import NIOSSL
import Node
@testable import NodeHTTP
import PeerLink
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct HTTPHostileUserTests {
  private static let tooLarge = WireLimits.body + 1

  @Test func `a body that says it is too large is not read`() async throws {
    try await ServedNode.run { served in
      let connection = try await served.connection()
      connection.send(
        "POST /v1/sign HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nContent-Length: \(Self.tooLarge)\r\n\r\n"
      )
      let answer = try await connection.answer()
      #expect(answer.status == 413)
      #expect(answer.error == .tooLarge)
      #expect(answer.headers["connection"] == "close")
      #expect(try await connection.isCut())
    }
  }

  @Test func `a body of unstated size is refused once it is too large, and not read further`() async throws {
    try await ServedNode.run { served in
      let connection = try await served.connection()
      connection.send(
        "POST /v1/sign HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
      let piece = [UInt8](repeating: UInt8(ascii: " "), count: 0x10000)
      for _ in 0..<17 { connection.send(Array("10000\r\n".utf8) + piece + Array("\r\n".utf8)) }
      let answer = try await connection.answer()
      #expect(answer.status == 413)
      #expect(answer.error == .tooLarge)
      #expect(try await connection.isCut())
    }
  }

  @Test func `the largest body is read`() async throws {
    try await ServedNode.run { served in
      let good = try submission().encoded
      let padded = good + [UInt8](repeating: UInt8(ascii: " "), count: WireLimits.body - good.count)
      #expect(try await served.connection().post("/v1/sign", padded).status == 200)
    }
  }

  @Test func `T10 a body that drips is cut`() async throws {
    try await ServedNode.run(change: { $0.deadlines.body = .milliseconds(300) }) { served in
      let connection = try await served.connection()
      connection.send(
        "POST /v1/sign HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
      let dripping = Task {
        while !Task.isCancelled {
          connection.send(" ")
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(try await connection.isCut())
      dripping.cancel()
      #expect(served.has("quorate_http_connections_cut_total{listener=\"client\",waiting=\"body\"} 1"))
    }
  }

  @Test func `T10 N without a deadline a body may drip for as long as it likes`() async throws {
    try await ServedNode.run(change: { $0.deadlines.body = .hours(1) }) { served in
      let connection = try await served.connection()
      connection.send(
        "POST /v1/sign HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
      for _ in 0..<60 {
        connection.send(" ")
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(try await connection.isCut(within: .zero) == false)
    }
  }

  @Test func `T10 a header that drips is cut`() async throws {
    try await ServedNode.run(change: { $0.deadlines.head = .milliseconds(400) }) { served in
      let connection = try await served.connection()
      connection.send("GET /v1/network HTTP/1.1\r\n")
      let dripping = Task {
        for number in 0... where !Task.isCancelled {
          connection.send("X-\(number): 1\r\n")
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(try await connection.isCut())
      dripping.cancel()
      #expect(served.has("quorate_http_connections_cut_total{listener=\"client\",waiting=\"head\"} 1"))
    }
  }

  @Test func `T10 a connection nobody uses is cut, one that works is not`() async throws {
    var script = ScriptedNode.Script()
    script.answer = { (_, _) throws(NodeRefusal) in
      try? await Task.sleep(for: .milliseconds(900))
      return [UInt8]("{}".utf8)
    }
    let limits = { (limits: inout HTTPLimits) in
      limits.deadlines.body = .milliseconds(200)
      limits.deadlines.idle = .milliseconds(300)
    }
    try await ServedNode.run(script, change: limits) { served in
      let connection = try await served.connection()
      #expect(try await connection.post("/v1/sign", submission().encoded).status == 200)
      #expect(try await connection.isCut())
      #expect(served.has("quorate_http_connections_cut_total{listener=\"client\",waiting=\"idle\"} 1"))
    }
  }

  @Test func `T10 who connects and does not begin TLS is cut`() async throws {
    try await ServedNode.run(change: { $0.deadlines.head = .milliseconds(300) }) { served in
      let silent = try await RawConnection.plain(port: served.addresses.client.port)
      #expect(try await silent.isCut())
    }
  }

  @Test func `what is not HTTP gets one malformed-request answer and the end`() async throws {
    try await ServedNode.run { served in
      let connection = try await served.connection()
      connection.send("nonsense\r\n\r\n")
      let answer = try await connection.answer()
      #expect(answer.status == 400)
      #expect(answer.error == .invalidRequest)
      #expect(try await connection.isCut())
      let large = try await served.connection()
      large.send("GET /v1/network HTTP/1.1\r\nHost: node\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n")
      #expect(try await large.isCut())
    }
  }

  @Test func `one address prefix has only so many connections`() async throws {
    try await ServedNode.run(change: { $0.connectionsPerPrefix = 2 }) { served in
      let first = try await served.connection()
      let second = try await served.connection()
      await #expect(throws: HandshakeRefusal.self) { try await served.connection() }
      #expect(served.has("quorate_http_connections_refused_total{listener=\"client\",reason=\"prefix_full\"} 1"))
      first.close()
      try await second.get("/v1/network").expect(200)
      var admitted = false
      for _ in 0..<200 where !admitted {
        admitted = (try? await served.connection()) != nil
        if !admitted { try await Task.sleep(for: .milliseconds(10)) }
      }
      #expect(admitted)
    }
  }

  @Test func `one address prefix is told to wait when it asks too often`() async throws {
    let limits = { (limits: inout HTTPLimits) in
      limits.requestBurst = 3
      limits.requestsPerSecond = 1
    }
    try await ServedNode.run(change: limits) { served in
      var answers: [RawAnswer] = []
      let connection = try await served.connection()
      for _ in 0..<10 { answers.append(try await connection.get("/v1/network")) }
      #expect(answers.prefix(3).allSatisfy { $0.status == 200 })
      let refused = try #require(answers.first { $0.status != 200 })
      #expect(refused.status == 429)
      #expect(refused.error == .tooManyRequests)
      #expect(refused.headers["retry-after"] == "1")
    }
  }

  @Test func `A12 one place with many wallets gets at most half of what the node does for all`() async throws {
    var limits = NodeLimits()
    limits.globalBurst = 8
    limits.globalPerSecond = 2
    let derived = HTTPLimits(limits)
    let change = { (limits: inout HTTPLimits) in
      limits.submissionBurst = derived.submissionBurst
      limits.submissionsPerSecond = derived.submissionsPerSecond
    }
    try await ServedNode.run(change: change) { served in
      let connection = try await served.connection()
      let body = try submission().encoded
      for _ in 0..<4 { #expect(try await connection.post("/v1/sign", body).status == 200) }
      // Connections first, then all submissions at once: however slow the machine, the bucket refills one by one.
      var connections: [RawConnection] = []
      for _ in 0..<24 { connections.append(try await served.connection()) }
      let answers = try await withThrowingTaskGroup(of: RawAnswer.self) { group in
        for connection in connections { group.addTask { try await connection.post("/v1/sign", body) } }
        return try await group.reduce(into: [RawAnswer]()) { $0.append($1) }
      }
      let refused = try #require(answers.first { $0.status != 200 })
      #expect(refused.error == .tooManyRequests)
      #expect(refused.headers["retry-after"] == "1")
      // What costs the node little is not held up by it.
      #expect(try await connection.get("/v1/network").status == 200)
    }
  }

  @Test func `bodies of all users together have a limit`() async throws {
    try await ServedNode.run(change: { $0.bodies = 100 }) { served in
      let answer = try await served.connection().post("/v1/sign", submission().encoded)
      #expect(answer.status == 503)
      #expect(answer.error == .overloaded)
      #expect(answer.headers["retry-after"] == "1")
      // What the refused one held is free again.
      let connection = try await served.connection()
      #expect(try await connection.post("/v1/sign", [UInt8](repeating: 0x20, count: 90)).error == .invalidRequest)
      #expect(try await connection.post("/v1/sign", [UInt8](repeating: 0x20, count: 90)).error == .invalidRequest)
    }
  }

  @Test func `T1 TLS 1.2 and plain HTTP are refused`() async throws {
    try await ServedNode.run { served in
      let plain = try await RawConnection.plain(port: served.addresses.client.port)
      plain.send("GET /v1/network HTTP/1.1\r\nHost: node\r\n\r\n")
      #expect(try await plain.isCut())
      #expect(plain.collector.takeAnswer() == nil)
      #expect(try await Self.handshake(served, highest: .tlsv12) == false)
      #expect(try await Self.handshake(served, highest: .tlsv13))
    }
  }

  /// Whether TLS of at most this version came about and carried a request; the certificate is not looked at.
  private static func handshake(_ served: ServedNode, highest: TLSVersion) async throws -> Bool {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.maximumTLSVersion = highest
    configuration.certificateVerification = .none
    let context = try NIOSSLContext(configuration: configuration)
    let collector = RawCollector()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
          try channel.pipeline.syncOperations.addHandlers(tls, collector)
        }
      }
      .connect(host: "127.0.0.1", port: served.addresses.client.port).get()
    let connection = RawConnection(channel: channel, collector: collector)
    connection.sendGet("/v1/network")
    return try await connection.answerIfAny()?.status == 200
  }
}

extension RawAnswer {
  func expect(_ status: Int) { #expect(self.status == status) }
}
