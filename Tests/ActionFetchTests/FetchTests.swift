import Identifiers
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization
import Testing

@testable import ActionFetch
@testable import Actions

@Suite struct FetchTests {
  private static let loopback = AddressGuard(allowing: [prefix("127.0.0.1", 32)].compactMap(\.self))

  private static func prefix(_ address: String, _ length: Int) -> NetworkPrefix? {
    NetworkAddress(text: address).flatMap { NetworkPrefix($0, length: length) }
  }

  private static func client(
    _ addresses: AddressGuard = loopback, names: [String: [String]] = [:], limits: FetchLimits = FetchLimits()
  ) throws -> FetchClient {
    try FetchClient(addresses: addresses, resolver: FixedNames(names: names), limits: limits)
  }

  private static func request(
    _ url: String, _ method: String = "GET", headers: [FetchHeader] = [], body: [UInt8]? = nil,
    redirect: FetchRequest.Redirect = .follow
  ) -> FetchRequest {
    FetchRequest(url: url, method: method, headers: headers, body: body, redirect: redirect)
  }

  private static func refusal(_ client: FetchClient, _ request: FetchRequest) async -> String? {
    do throws(OperationRefusal) {
      _ = try await client.fetch(request)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `an answer arrives whole, and the request as it was meant`() async throws {
    try await LoopbackServer.run({ _ in .reply(201, headers: [("X-A", "1"), ("X-A", "2")], body: [1, 2, 3]) }) {
      server in
      let url = "http://127.0.0.1:\(server.port)/a%20b?c=d"
      let answer = try await Self.client().fetch(
        Self.request(
          url, "PUT", headers: [.init("X-Mine", "é"), .init("Host", "other"), .init("content-length", "9")], body: [9]))
      #expect(answer.status == 201)
      #expect(answer.body == [1, 2, 3])
      #expect(answer.headers.filter { $0.name == "X-A" }.map(\.value) == ["1", "2"])
      #expect(answer.url == url)
      #expect(!answer.isRedirected)
      let asked = try #require(server.requests.first)
      #expect(asked.head.method == .PUT)
      #expect(asked.head.uri == "/a%20b?c=d")
      #expect(asked.body == [9])
      #expect(asked.head.headers["host"] == ["127.0.0.1:\(server.port)"])
      #expect(asked.head.headers["content-length"] == ["1"])
      #expect(asked.head.headers["x-mine"] == ["é"])
    }
  }

  @Test(arguments: [
    "http://127.0.0.1", "http://127.1", "http://0x7f000001", "http://2130706433", "http://0177.0.0.1", "http://[::1]",
    "http://[::ffff:127.0.0.1]", "http://0.0.0.0", "http://10.0.0.1", "http://169.254.169.254", "http://inside.example",
    "http://mixed.example", "http://nowhere.example", "http://LOCAL.example.",
  ])
  func `J2 an address inside is not connected to, however it is written`(url: String) async throws {
    try await LoopbackServer.run(host: "0.0.0.0", { _ in .reply(200) }) { server in
      let names = [
        "inside.example": ["127.0.0.1"], "mixed.example": ["10.0.0.1", "127.0.0.1"], "local.example": ["::1"],
      ]
      let client = try Self.client(AddressGuard(), names: names)
      let message = await Self.refusal(client, Self.request("\(url):\(server.port)/"))
      // The same as for a host that is not there.
      #expect(message == FetchFailure.notReachable.text)
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `J2 N a client that judges nothing reaches itself`() async throws {
    try await LoopbackServer.run({ _ in .reply(200) }) { server in
      let everything = AddressGuard(allowing: [Self.prefix("0.0.0.0", 0)].compactMap(\.self))
      let client = try Self.client(everything, names: ["inside.example": ["127.0.0.1"]])
      #expect(try await client.fetch(Self.request("http://inside.example:\(server.port)/")).status == 200)
    }
  }

  @Test func `J2 a name is resolved once for a connection, and what was judged is what is connected to`() async throws {
    try await LoopbackServer.run({ _ in .reply(200) }) { server in
      let names = ChangingNames()
      let client = try FetchClient(addresses: Self.loopback, resolver: names)
      let url = "http://rebinding.example:\(server.port)/"
      #expect(try await client.fetch(Self.request(url)).status == 200)
      #expect(names.count == 1)
      #expect(await Self.refusal(client, Self.request(url)) == FetchFailure.notReachable.text)
      #expect(names.count == 2)
      #expect(server.requests.count == 1)
    }
  }

  @Test func `J2 every redirect is judged anew, and credentials stay with their origin`() async throws {
    try await LoopbackServer.run({ asked in
      switch asked.head.uri {
      case "/inside": .reply(302, headers: [("Location", "http://169.254.169.254/latest")])
      case "/scheme": .reply(302, headers: [("Location", "file:///etc/passwd")])
      case "/loop": .reply(307, headers: [("Location", "/loop")])
      case "/post": .reply(303, headers: [("Location", "/end")])
      case "/away": .reply(307, headers: [("Location", "http://second.example:\(asked.head.headers["x-port"][0])/end")])
      default: .reply(200, body: [7])
      }
    }) { server in
      let client = try Self.client(names: ["second.example": ["127.0.0.1"]])
      let base = "http://127.0.0.1:\(server.port)"
      #expect(await Self.refusal(client, Self.request(base + "/inside")) == FetchFailure.notReachable.text)
      #expect(await Self.refusal(client, Self.request(base + "/scheme")) == FetchFailure.notAURL.text)
      #expect(await Self.refusal(client, Self.request(base + "/loop")) == FetchFailure.tooManyRedirects.text)
      #expect(server.requests.count { $0.head.uri == "/loop" } == FetchLimits().redirects + 1)
      #expect(
        await Self.refusal(client, Self.request(base + "/post", redirect: .error)) == FetchFailure.redirected.text)
      #expect(try await client.fetch(Self.request(base + "/post", redirect: .manual)).status == 303)

      let posted = try await client.fetch(Self.request(base + "/post", "POST", body: [1]))
      #expect(posted.isRedirected && posted.url == base + "/end" && posted.body == [7])
      let last = try #require(server.requests.last)
      #expect(last.head.method == .GET && last.body.isEmpty)

      let secret = [FetchHeader("Authorization", "secret"), FetchHeader("X-Port", "\(server.port)")]
      _ = try await client.fetch(Self.request(base + "/away", "POST", headers: secret, body: [5]))
      let away = try #require(server.requests.last)
      #expect(away.head.headers["authorization"].isEmpty)
      #expect(away.head.headers["x-port"] == ["\(server.port)"])
      #expect(away.head.headers["host"] == ["second.example:\(server.port)"])
      #expect(away.body == [5])
      #expect(server.requests.dropLast().last?.head.headers["authorization"] == ["secret"])
    }
  }

  @Test(arguments: [
    ("ftp://127.0.0.1/", "GET", []), ("http://user:password@127.0.0.1/", "GET", []), ("http:///a", "GET", []),
    ("http://127.0.0.1:0/", "GET", []), ("http://127.0.0.1:65536/", "GET", []), ("http://127.0.0.1/a b", "GET", []),
    ("http://127.0.0.1/\r\nX: y", "GET", []), ("http://127.0.0.1/", "G T", []), ("http://127.0.0.1/", "CONNECT", []),
    ("http://127.0.0.1/", "GET\r\nX: y", []), ("http://127.0.0.1/", "GET", [FetchHeader("a b", "1")]),
    ("http://127.0.0.1/", "GET", [FetchHeader("a", "1\r\nX: y")]),
    ("http://127.0.0.1/", "GET", [FetchHeader("a", "1\n")]),
    ("http://127.0.0.1/", "GET", [FetchHeader("", "1")]),
    ("http://127.0.0.1/", "GET", [FetchHeader("a", String(repeating: "b", count: 32 << 10))]),
    ("http://127.0.0.1/" + String(repeating: "b", count: 8 << 10), "GET", []),
  ])
  func `J2 what is no request of one host is not sent`(url: String, method: String, headers: [FetchHeader]) async throws
  {
    let message = await Self.refusal(try Self.client(), Self.request(url, method, headers: headers))
    #expect([FetchFailure.notAURL.text, FetchFailure.notARequest.text].contains(message))
  }

  @Test func `J2 an answer that is too large, too slow or none ends the fetch`() async throws {
    var limits = FetchLimits()
    limits.body = 1000
    limits.time = .milliseconds(400)
    try await LoopbackServer.run({ asked in
      switch asked.head.uri {
      case "/fits": .reply(200, body: [UInt8](repeating: 1, count: 1000))
      case "/large": .reply(200, body: [UInt8](repeating: 1, count: 1001))
      case "/malformed": .raw("HTTP/1.1 two hundred\r\n\r\n")
      default: .silence
      }
    }) { [limits] server in
      let client = try Self.client(limits: limits)
      let base = "http://127.0.0.1:\(server.port)"
      #expect(try await client.fetch(Self.request(base + "/fits")).body.count == 1000)
      #expect(await Self.refusal(client, Self.request(base + "/large")) == FetchFailure.tooLarge.text)
      #expect(await Self.refusal(client, Self.request(base + "/malformed")) == FetchFailure.malformed.text)
      #expect(await Self.refusal(client, Self.request(base + "/silent")) == FetchFailure.timedOut.text)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `a cancelled fetch returns, also from a server and a resolver that never answer`()
    async throws
  {
    try await LoopbackServer.run({ _ in .silence }) { server in
      var limits = FetchLimits()
      limits.time = .seconds(600)
      let client = try FetchClient(addresses: Self.loopback, resolver: NoNames(), limits: limits)
      for url in ["http://127.0.0.1:\(server.port)/", "http://name.example/"] {
        let fetching = Task { await Self.refusal(client, Self.request(url)) }
        if url.contains("127") { while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) } }
        fetching.cancel()
        #expect(await fetching.value == FetchFailure.cancelled.text)
      }
    }
  }

  @Test func `the machine's resolver finds loopback, and the guard refuses it`() async throws {
    let client = try FetchClient()
    #expect(await Self.refusal(client, Self.request("http://localhost:1/")) == FetchFailure.notReachable.text)
    try await LoopbackServer.run({ _ in .reply(200) }) { server in
      let client = try FetchClient(addresses: Self.loopback)
      #expect(try await client.fetch(Self.request("http://localhost:\(server.port)/")).status == 200)
    }
  }
}

private struct FixedNames: NameResolver {
  let names: [String: [String]]

  func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
    loop.makeSucceededFuture((names[name] ?? []).compactMap { NetworkAddress(text: $0) })
  }
}

/// Gives loopback first, and an address inside ever after.
private final class ChangingNames: NameResolver {
  private let asked = Mutex(0)
  var count: Int { asked.withLock { $0 } }

  func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
    let number = asked.withLock { asked in
      asked += 1
      return asked
    }
    return loop.makeSucceededFuture([number == 1 ? "127.0.0.1" : "10.0.0.1"].compactMap { NetworkAddress(text: $0) })
  }
}

private struct NoNames: NameResolver {
  func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
    let never = loop.makePromise(of: [NetworkAddress].self)
    // A promise must be kept some day.
    loop.scheduleTask(in: .seconds(2)) { never.succeed([]) }
    return never.futureResult
  }
}
