import Foundation
import Identifiers
import Node
@testable import NodeHTTP
import PeerLink
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct HTTPUserRouteTests {
  @Test func `the network's description is served`() async throws {
    try await ServedNode.run { served in
      let answer = try await served.connection().get("/v1/network")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "application/json")
      #expect(try NetworkDescription(decoding: answer.body) == served.node.description)
    }
  }

  @Test func `a proof holds on the connection it was made for and on no other`() async throws {
    try await ServedNode.run { served in
      let (first, firstRaw) = try await served.attestedConnection()
      let (second, secondRaw) = try await served.attestedConnection()
      let challenge = try AttestationChallenge(nonce: [UInt8](repeating: 5, count: 32))
      let answer = try await firstRaw.post("/v1/attest", challenge.encoded)
      #expect(answer.status == 200)
      let proof = try AttestationAnswer(decoding: answer.body)
      _ = try first.verify(proof, to: challenge)
      #expect(throws: HandshakeRefusal.self) { try second.verify(proof, to: challenge) }
      let other = try AttestationChallenge(nonce: [UInt8](repeating: 6, count: 32))
      #expect(throws: HandshakeRefusal.self) { try first.verify(proof, to: other) }
      let again = try AttestationAnswer(decoding: try await secondRaw.post("/v1/attest", challenge.encoded).body)
      _ = try second.verify(again, to: challenge)
    }
  }

  @Test func `requests reach the node with the kind of their route, and its bytes are the answer`() async throws {
    var script = ScriptedNode.Script()
    script.answer = { (submission, kind) throws(NodeRefusal) in Array("\(kind) \(submission.request.id)".utf8) }
    try await ServedNode.run(script) { served in
      let submission = try submission()
      let connection = try await served.connection()
      for kind in RequestKind.allCases {
        let answer = try await connection.post("/v1/\(kind)", submission.encoded)
        #expect(answer.status == 200)
        #expect(answer.text == "\(kind) \(submission.request.id)")
        #expect(answer.headers["cache-control"] == "no-store")
      }
    }
  }

  @Test func `the interface is described exactly as in the repository`() async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = try String(contentsOf: root.appending(path: "openapi/openapi.yaml"), encoding: .utf8)
    #expect(OpenAPIDocument.text == file, "run scripts/embed-openapi")
    for route in UserRoute.allCases {
      #expect(file.contains("  \(route.rawValue):\n    \(route.method.lowercased()):"))
    }
    for code in ErrorCode.allCases { #expect(file.contains("        - \(code.rawValue)\n")) }
    try await ServedNode.run { served in
      let answer = try await served.connection().get("/v1/openapi.yaml")
      #expect(answer.headers["content-type"] == "application/yaml")
      #expect(answer.text == file)
    }
  }

  @Test func `unknown routes and methods get their codes`() async throws {
    try await ServedNode.run { served in
      let connection = try await served.connection()
      for path in ["/", "/v1", "/v1/network/", "/v1/network?x=1", "/status", "/metrics", "/v1/../v1/network"] {
        let answer = try await connection.get(path)
        #expect(answer.status == 404)
        #expect(answer.error == .notFound)
      }
      for (path, allowed) in [("/v1/sign", "POST"), ("/v1/attest", "POST")] {
        let answer = try await connection.get(path)
        #expect(answer.status == 405)
        #expect(answer.error == .methodNotAllowed)
        #expect(answer.headers["allow"] == allowed)
      }
      #expect(try await connection.post("/v1/network", []).error == .methodNotAllowed)
      #expect(try await connection.post("/v1/sign", [], method: "PUT").error == .methodNotAllowed)
    }
  }

  @Test(arguments: [
    nil, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/jsonx",
    "application/json, text/plain", "",
  ])
  func `a body that is not called JSON is refused`(_ contentType: String?) async throws {
    try await ServedNode.run { served in
      let answer = try await served.connection().post("/v1/sign", submission().encoded, contentType: contentType)
      #expect(answer.status == 400)
      #expect(answer.error == .invalidRequest)
      #expect(served.node.log.isEmpty)
    }
  }

  @Test func `JSON may say its only encoding`() async throws {
    try await ServedNode.run { served in
      let answer = try await served.connection()
        .post("/v1/sign", submission().encoded, contentType: "Application/JSON; charset=UTF-8")
      #expect(answer.status == 200)
    }
  }

  @Test func `malformed bodies are refused without detail`() async throws {
    try await ServedNode.run { served in
      let connection = try await served.connection()
      let good = try submission().encoded
      let extra = Array("{\"extra\":1,".utf8) + good.dropFirst()
      let twice = Array("{\"delivery\":\"\",".utf8) + good.dropFirst()
      for body in [[], Array("{}".utf8), Array("[".utf8), extra, twice, good + good, Array(good.dropLast())] {
        for path in ["/v1/sign", "/v1/decrypt", "/v1/attest"] {
          let answer = try await connection.post(path, body)
          #expect(answer.status == 400)
          #expect(answer.body == ErrorResponse(code: .invalidRequest).encoded)
        }
      }
      #expect(served.node.log.isEmpty)
    }
  }

  @Test(arguments: ErrorCode.allCases)
  func `every refusal has the status of its code and says when to come again`(_ code: ErrorCode) async throws {
    let id = try submission().request.id
    var script = ScriptedNode.Script()
    script.answer = { (_, _) throws(NodeRefusal) in
      throw NodeRefusal(code, request: id, retryAfter: .milliseconds(2100))
    }
    script.refusesNetwork = NodeRefusal(code)
    try await ServedNode.run(script) { served in
      let connection = try await served.connection()
      let answer = try await connection.post("/v1/sign", submission().encoded)
      #expect(answer.status == code.httpStatus)
      #expect(answer.body == ErrorResponse(code: code, requestID: id).encoded)
      let isLater = [429, 503].contains(code.httpStatus)
      #expect(answer.headers["retry-after"] == (isLater ? "3" : nil))
      let network = try await connection.get("/v1/network")
      #expect(network.status == code.httpStatus)
      #expect(network.headers["retry-after"] == (isLater ? "1" : nil))
      #expect(served.has("quorate_http_requests_total{listener=\"client\",route=\"/v1/sign\""))
    }
  }
}
