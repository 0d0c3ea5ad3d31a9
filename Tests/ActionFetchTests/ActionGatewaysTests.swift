import ActionNames
import Actions
import Identifiers
import NIOHTTP1
import Testing

@testable import ActionFetch

/// Code by its name, from gateways nobody believes.
@Suite struct ActionGatewaysTests {
  private static let code = Array("Lit.Actions.setResponse({ response: '1' });".utf8)
  private static let action = ActionID(of: code)

  private static func gateways(_ servers: [LoopbackServer], mostCode: Int = 1 << 20) throws -> ActionGateways {
    try ActionGateways(
      templates: servers.map { "http://127.0.0.1:\($0.port)/ipfs/{}?format=raw" }, mostCode: mostCode)
  }

  @Test func `J6 only bytes with the name are the action, whichever gateway has them, and they are kept`() async throws
  {
    try await LoopbackServer.run { _ in
      .reply(200, body: Self.code + [0x20])
    } _: { liar in
      try await LoopbackServer.run { _ in
        .reply(404, body: Self.code)
      } _: { empty in
        try await LoopbackServer.run { _ in
          .reply(200, body: Self.code)
        } _: { honest in
          let gateways = try Self.gateways([liar, empty, honest])
          for _ in 1...3 { #expect(await gateways.code(of: Self.action) == Self.code) }
          #expect(await gateways.code(of: ActionID(of: [1])) == nil)
          for (server, count) in [(liar, 2), (empty, 2), (honest, 2)] { #expect(server.requests.count == count) }
          let asked = honest.requests.map(\.head.uri)
          #expect(asked.first == "/ipfs/\(Self.action)?format=raw")
        }
      }
    }
  }

  @Test func `J6 N whoever believes a gateway runs what it says`() async throws {
    try await LoopbackServer.run { _ in
      .reply(200, body: [1])
    } _: { liar in
      let client = try FetchClient(
        addresses: AddressGuard(allowing: ["127.0.0.0/8"].compactMap { NetworkPrefix(text: $0) }))
      let answer = try await client.fetch(
        FetchRequest(
          url: "http://127.0.0.1:\(liar.port)/ipfs/\(Self.action)", method: "GET", headers: [], body: nil,
          redirect: .error))
      #expect(ActionID(of: answer.body) != Self.action)
      let gateways = try Self.gateways([liar])
      #expect(await gateways.code(of: Self.action) == nil)
    }
  }

  @Test func `J2 a gateway leads nowhere else, and gives no more than an action may have`() async throws {
    try await LoopbackServer.run { _ in
      .reply(200, body: Self.code)
    } _: { inside in
      let place = "http://127.0.0.1:\(inside.port)/"
      try await LoopbackServer.run { _ in
        .reply(302, headers: [("location", place)])
      } _: { gateway in
        let gateways = try Self.gateways([gateway])
        #expect(await gateways.code(of: Self.action) == nil)
        #expect(inside.requests.isEmpty && gateway.requests.count == 1)
      }
      let exact = try Self.gateways([inside], mostCode: Self.code.count)
      #expect(await exact.code(of: Self.action) == Self.code)
      let small = try Self.gateways([inside], mostCode: Self.code.count - 1)
      #expect(await small.code(of: Self.action) == nil)
    }
  }

  @Test func `what is kept has a bound, and what was used last stays`() async throws {
    let size = 5 << 20
    let codes = (0..<4).map { [UInt8](repeating: UInt8($0), count: size) }
    let names = codes.map { ActionID(of: $0) }
    try await LoopbackServer.run { asked in
      let place = names.firstIndex { asked.head.uri.contains($0.text) }
      return .reply(200, body: place.map { codes[$0] } ?? [])
    } _: { server in
      let gateways = try Self.gateways([server], mostCode: size)
      for place in [0, 1, 2, 0, 3, 0, 2, 3] { #expect(await gateways.code(of: names[place]) == codes[place]) }
      #expect(await gateways.keptBytes <= ActionGateways.mostKept)
      // 1 was not used for the longest time when 3 came.
      #expect(server.requests.count == 4)
      _ = await gateways.code(of: names[1])
      #expect(server.requests.count == 5)
    }
  }

  @Test(arguments: [
    ("https://gateway.example/ipfs/{}", true), ("http://127.0.0.1:8080/{}/x", true), ("https://{}.example/", true),
    ("https://gateway.example/ipfs/", false), ("https://gateway.example/{}/{}", false), ("ftp://a.example/{}", false),
    ("{}", false), ("https://user@a.example/{}", false), ("", false),
  ])
  func `a gateway is a URL with one place for the name`(text: String, isTemplate: Bool) {
    #expect(ActionGateways.isTemplate(text) == isTemplate)
  }
}
