import Attestation
import Identifiers
import Logging
import Node
@testable import NodeHTTP
import PeerLink
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct HTTPServerLifeTests {
  @Test func `the operator sees life, readiness, status and metrics`() async throws {
    try await ServedNode.run { served in
      let admin = try await served.adminConnection()
      let live = try await admin.get("/health/live")
      #expect(live.status == 200)
      let ready = try await admin.get("/health/ready")
      #expect(ready.status == 200)
      #expect(ready.text == #"{"ready":true}"#)
      served.node.script.withLock { $0.readiness = .notReady(reason: "alone", detail: "Nobody is there.") }
      let alone = try await admin.get("/health/ready")
      #expect(alone.status == 503)
      #expect(alone.text == #"{"ready":false,"reason":"alone","detail":"Nobody is there."}"#)
      #expect(try await admin.get("/health/live").status == 200)
      let metrics = try await admin.get("/metrics")
      #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(metrics.text.contains("quorate_http_connections"))
    }
  }

  @Test func `the status has every member the command line reads`() async throws {
    try await ServedNode.run { served in
      let answer = try await served.adminConnection().get("/status")
      #expect(answer.status == 200)
      var fields = try JSONFields(JSONValue.parse(answer.body, limit: WireLimits.body))
      #expect(try fields.string("network") == served.node.identity.network.text)
      #expect(try fields.identifier("node") == served.node.identity.node)
      #expect(try fields.identifier("instance") == served.node.identity.instance)
      #expect(try fields.string("identityKey") == String(repeating: "07", count: 32))
      #expect(try fields.bool("development"))
      #expect(try fields.string("evidence") == "software")
      #expect(try fields.string("memory") == "sealed")
      #expect(try fields.string("version").isEmpty == false)
      #expect(try fields.value("registry") == .null)
      #expect(try fields.value("epoch") == .null)
      #expect(try fields.bool("ready") == false)
      #expect(try fields.string("reason") == "keys-missing")
      #expect(try fields.unsigned("pendingRequests") == 2)
      #expect(try fields.unsigned("sessions") == 1)
      var keys = try fields.object("keys")
      #expect(try keys.string("state") == "waiting")
      #expect(try keys.unsigned("attempt") == 0)
      #expect(try keys.array("missing", limit: 5).count == 1)
      #expect(try keys.value("certificate") == .null)
      #expect(try keys.bool("registered") == false)
      #expect(try keys.value("problem") == .null)
      try keys.finish()
      var pairs = try fields.object("pairSetups")
      #expect(try pairs.unsigned("total") == 0)
      #expect(try pairs.unsigned("ready") == 0)
      #expect(try pairs.unsigned("making") == 0)
      #expect(try pairs.unsigned("backingOff") == 0)
      try pairs.finish()
      var actions = try fields.object("actions")
      #expect(try actions.string("state") == "off")
      try actions.finish()
      var peer = try JSONFields(try #require(try fields.array("peers", limit: 5).first))
      #expect(try peer.identifier("node") == served.node.identity.node)
      #expect(try peer.bool("linked") == false)
      #expect(try peer.value("instance") == .null)
      #expect(try peer.bool("dials"))
      #expect(try peer.string("problem") == "closed")
      try peer.finish()
      try fields.finish()
    }
  }

  @Test func `the operator's port has nothing for users and takes no other method`() async throws {
    try await ServedNode.run { served in
      let admin = try await served.adminConnection()
      #expect(try await admin.get("/v1/network").error == .notFound)
      let posted = try await admin.post("/status", [])
      #expect(posted.error == .methodNotAllowed)
      #expect(posted.headers["allow"] == "GET")
    }
  }

  @Test func `an admin address that is not loopback is refused`() async throws {
    try await ServedNode.run { served in
      let open = ListenAddress(host: "0.0.0.0", port: 0)
      let any = ListenAddress(host: "127.0.0.1", port: 0)
      let configuration = NodeConfiguration(
        network: served.node.identity.network, node: served.node.identity.node, registry: .file(""), data: "",
        attestation: .software(credentials: ""), clientAddress: any, peerAddress: any, adminAddress: open)
      let server = NodeServer(
        node: served.node, configuration: configuration,
        logger: Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusMetrics())
      await #expect(throws: NodeServerFailure.adminAddressNotLoopback) { try await server.run() }
      await #expect(throws: NodeServerFailure.adminAddressNotLoopback) { try await server.boundAddresses }
    }
  }

  @Test func `a renewed certificate is shown to those who connect after it`() async throws {
    try await ServedNode.run { served in
      let (before, _) = try await served.attestedConnection()
      let later = SystemClock().wall.adding(seconds: -13 * 3600)
      // A certificate from the future is renewed as well, so this makes a new one with another time.
      #expect(
        try await served.node.identity.renewCertificate(
          anchor: served.node.identity.network.digest, policy: AttestationPolicy(allowed: [:], verifiers: []),
          now: later))
      let (after, raw) = try await served.attestedConnection()
      #expect(before.certificate.binding.notBefore != after.certificate.binding.notBefore)
      let challenge = try AttestationChallenge(nonce: [UInt8](repeating: 5, count: 32))
      let answer = try AttestationAnswer(decoding: try await raw.post("/v1/attest", challenge.encoded).body)
      _ = try after.verify(answer, to: challenge)
    }
  }

  @Test func `a server told to stop answers what it has taken, takes nothing more and ends in order`() async throws {
    let (began, begin) = AsyncStream.makeStream(of: Void.self)
    var script = ScriptedNode.Script()
    script.answer = { (_, _) throws(NodeRefusal) in
      begin.yield()
      try? await Task.sleep(for: .milliseconds(700))
      return Array("{}".utf8)
    }
    try await ServedNode.run(script) { served in
      let idle = try await served.connection()
      let busy = try await served.connection()
      let request = try submission().encoded
      async let answer = busy.post("/v1/sign", request)
      for await _ in began { break }
      served.running.cancel()
      #expect(try await idle.isCut())
      await #expect(throws: HandshakeRefusal.self) { try await served.connection() }
      #expect(try await served.adminConnection().get("/health/live").status == 200)
      #expect(try await answer.status == 200)
      try await served.running.value
      #expect(served.node.log == ["drain", "answered sign", "stop", "ended"])
      await #expect(throws: (any Error).self) { try await served.adminConnection() }
    }
  }

  @Test func `who does not finish within the limit is cut, and the server still ends`() async throws {
    try await ServedNode.run(change: { $0.drain = .milliseconds(300) }) { served in
      let dripping = try await served.connection()
      dripping.send("POST /v1/sign HTTP/1.1\r\nHost: n\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
      try await Task.sleep(for: .milliseconds(200))
      served.running.cancel()
      try await served.running.value
      #expect(try await dripping.isCut())
    }
  }

  @Test func `a graceful shutdown of the process ends the server without an error`() async throws {
    try await ServedNode.run { served in
      let any = ListenAddress(host: "127.0.0.1", port: 0)
      let configuration = NodeConfiguration(
        network: served.node.identity.network, node: served.node.identity.node, registry: .file(""), data: "",
        attestation: .software(credentials: ""), clientAddress: any, peerAddress: any, adminAddress: any)
      let logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
      let node = ScriptedNode(served.node.identity, .init())
      let server = NodeServer(node: node, configuration: configuration, logger: logger, metrics: PrometheusMetrics())
      let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
      let running = Task { try await group.run() }
      _ = try await server.boundAddresses
      await group.triggerGracefulShutdown()
      try await running.value
      #expect(node.log == ["drain", "stop", "ended"])
    }
  }

  @Test func `a node that ends by itself ends the server with an error`() async throws {
    await #expect(throws: NodeServerFailure.ended("node")) {
      try await ServedNode.run { served in
        await served.node.stop()
        _ = await served.running.result
      }
    }
  }
}
