import Actions
import Identifiers
import NIOHTTP1
import Testing

@testable import ActionFetch

/// Chains asked over HTTP, at endpoints nobody believes more than one node's word.
@Suite struct ChainEndpointsTests {
  private static func ask(
    _ answer: LoopbackServer.Answer
  ) async throws -> (result: Result<String, ChainFailure>, asked: [LoopbackServer.Asked]) {
    try await LoopbackServer.run { _ in
      answer
    } _: { server in
      let chains = try ChainEndpoints(urls: ["local": "http://127.0.0.1:\(server.port)/v1/key?x=1"])
      do throws(ChainFailure) {
        let text = try await chains.ask("eth_call", [.string("latest"), .integer(2)], of: "local")
        return (.success(text), server.requests)
      } catch {
        return (.failure(error), server.requests)
      }
    }
  }

  private static func reply(_ text: String, _ status: Int = 200) -> LoopbackServer.Answer {
    .reply(status, body: Array(text.utf8))
  }

  @Test func `a chain is asked by one POST to exactly its URL`() async throws {
    let (result, asked) = try await Self.ask(Self.reply(#"{"jsonrpc":"2.0","id":1,"result":"0xAb"}"#))
    #expect(result == .success("0xAb"))
    let request = try #require(asked.first)
    #expect(asked.count == 1)
    #expect(request.head.method == .POST && request.head.uri == "/v1/key?x=1")
    #expect(request.head.headers["content-type"] == ["application/json"])
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["latest",2]}"#)
  }

  @Test func `what is no answer gives none, and an error its code and what a call returned`() async throws {
    let error = #"{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted: secret","data":"0x08"}}"#
    let without = #"{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no such key abc"}}"#
    let cases: [(LoopbackServer.Answer, ChainFailure)] = [
      (Self.reply(error), .refused(code: 3, data: [8])), (Self.reply(error, 400), .refused(code: 3, data: [8])),
      (Self.reply(without), .refused(code: -32000, data: nil)),
      (Self.reply(#"{"jsonrpc":"2.0","id":2,"result":"0x"}"#), .noAnswer),
      (Self.reply(#"{"jsonrpc":"2.0","id":1,"result":7}"#), .noAnswer),
      (Self.reply(#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#, 500), .noAnswer),
      (Self.reply(#"[{"jsonrpc":"2.0","id":1,"result":"0x"}]"#), .noAnswer), (Self.reply("0x"), .noAnswer),
      (.reply(200, body: [UInt8](repeating: 0x20, count: ChainEndpoints.mostAnswer + 1)), .noAnswer),
      (.raw("nothing of HTTP\r\n\r\n"), .noAnswer),
    ]
    for (answer, failure) in cases {
      #expect(try await Self.ask(answer).result == .failure(failure), "\(answer)")
    }
  }

  @Test func `J2 an endpoint sends nobody on, and a name that is no chain's asks nobody`() async throws {
    try await LoopbackServer.run { _ in
      Self.reply(#"{"jsonrpc":"2.0","id":1,"result":"0x01"}"#)
    } _: { inner in
      let redirect = LoopbackServer.Answer.reply(307, headers: [("location", "http://127.0.0.1:\(inner.port)/")])
      #expect(try await Self.ask(redirect).result == .failure(.noAnswer))
      let chains = try ChainEndpoints(urls: ["local": "http://127.0.0.1:\(inner.port)/"])
      for name in ["", "Local", "http://127.0.0.1:\(inner.port)/"] {
        await #expect(throws: ChainFailure.unknownChain) { try await chains.ask("eth_call", [], of: name) }
      }
      #expect(inner.requests.isEmpty)
      // The same request reaches it where it is the operator's choice.
      #expect(try await chains.ask("eth_call", [], of: "local") == "0x01")
      #expect(inner.requests.count == 1)
    }
  }

  @Test func `J2 N a client that follows redirects asks whomever an endpoint names`() async throws {
    try await LoopbackServer.run { _ in
      Self.reply(#"{"jsonrpc":"2.0","id":1,"result":"0x01"}"#)
    } _: { inner in
      try await LoopbackServer.run { _ in
        .reply(307, headers: [("location", "http://127.0.0.1:\(inner.port)/")])
      } _: { endpoint in
        let client = try FetchClient(addresses: AddressGuard(allowing: NetworkPrefix.everything))
        let request = FetchRequest(
          url: "http://127.0.0.1:\(endpoint.port)/", method: "POST", headers: [], body: [1], redirect: .follow)
        #expect(try await client.fetch(request).status == 200)
        #expect(inner.requests.count == 1)
      }
    }
  }
}
