import Identifiers
import Membership
import Secrets

/// Somebody outside the network, on this machine: tells a price to whoever has its API key.
final class DemoService: Sendable {
  static let pair = "GOLD/EUR"

  /// What the user of the demo paid for.
  let apiKey: String
  private let pages: LoopbackPages

  init() throws(CommandFailure) {
    var random = SystemRandom()
    let apiKey = Hex.encode(random.bytes(16))
    self.apiKey = apiKey
    pages = try LoopbackPages { request in
      guard request.path == "/price", request.headers["authorization"] == "Bearer \(apiKey)" else {
        return LoopbackPages.Answer(status: 401, body: Array("{}".utf8))
      }
      return LoopbackPages.Answer(body: Array(#"{"pair":"\#(Self.pair)","price":102.5}"#.utf8))
    }
  }

  var url: String { "http://127.0.0.1:\(pages.port)/price" }

  /// How often it was asked.
  var count: Int { pages.count }

  func endpoint() throws(CommandFailure) -> Endpoint {
    do {
      return try Endpoint(host: "127.0.0.1", port: pages.port)
    } catch {
      throw CommandFailure(.processProblem, "the demo's service has no port")
    }
  }

  func stop() { pages.stop() }
}
