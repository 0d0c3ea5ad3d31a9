import ChainTestKit
import EthereumRPC
import Identifiers
import MetricsTestKit
import Testing
import Wire

struct HostileAnswerTests {
  private static let secretWord = "hostileword"
  private static let answers: [String] = [
    "", "null", "[]", "{}", "1", #"{"jsonrpc":"2.0","id":1}"#, #"{"jsonrpc":"1.0","id":1,"result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":2,"result":"0x1"}"#, #"{"jsonrpc":"2.0","id":"1","result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":{"hash":"hostileword"}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":1.5}"#, #"{"jsonrpc":"2.0","id":1,"result":"0x1","result":"0x2"}"#,
    #"{"jsonrpc":"2.0","id":1,"error":"hostileword"}"#, #"{"jsonrpc":"2.0","id":1,"error":{"code":"hostileword"}}"#,
    #"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"hostileword \u0000\u001b[31m"}}"#,
    #"{"jsonrpc":"2.0","id":1,"error":{"code":9223372036854775807,"message":""}}"#,
    String(repeating: "[", count: 100_000), "\u{feff}{}", #"{"jsonrpc":"2.0","id":1,"result":"0x"#,
  ]

  @Test(arguments: answers)
  func `An endpoint may send anything; nothing of it is believed or repeated`(_ body: String) async throws {
    let fixture = try Fixture(endpoints: 1, needed: 1)
    fixture.endpoints[0].override { _, _ in .body(Array(body.utf8)) }
    await #expect {
      try await fixture.set.agreeOnBlock(after: nil)
    } throws: { error in
      !"\(error)".contains(Self.secretWord) && error as? ChainTrouble == .tooFewEndpoints(answered: 0, needed: 1)
    }
    for counter in fixture.metrics.counters { #expect(!"\(counter)".contains(Self.secretWord)) }
    do { _ = try RPCMessage.result(of: Array(body.utf8)) } catch {
      #expect(!"\(error)".contains(Self.secretWord))
    }
  }

  @Test func `Bytes that are no text are refused`() {
    #expect(throws: RPCFailure.malformed(.json(.invalidUTF8))) { try RPCMessage.result(of: [0xff, 0xfe]) }
    #expect(throws: RPCFailure.malformed(.json(.tooLarge))) {
      try RPCMessage.result(of: [UInt8](repeating: 0x20, count: RPCLimits.answer + 1))
    }
  }

  @Test func `A contract's refusal is told from an endpoint's`() throws {
    func error(_ code: Int, _ message: String) -> RPCError? {
      let body = #"{"jsonrpc":"2.0","id":1,"error":{"code":\#(code),"message":"\#(message)","data":"0x"}}"#
      do {
        _ = try RPCMessage.result(of: Array(body.utf8))
        return nil
      } catch {
        guard case .said(let said) = error else { return nil }
        return said
      }
    }
    #expect(error(3, "anything")?.isRevert == true)
    #expect(error(-32_000, "execution reverted: no")?.isRevert == true)
    #expect(error(-32_000, "header not found")?.isRevert == false)
    #expect(error(-32_601, "not there")?.isMethodMissing == true)
  }

  @Test func `O10 Endpoints that cannot outvote anybody are no configuration`() throws {
    func set(_ count: Int, _ needed: Int, name: (Int) -> String = { "e\($0)" }) throws -> EndpointSet {
      let fixture = try Fixture()
      return try EndpointSet(
        try (0..<count).map { try ChainEndpoint(name: name($0), transport: fixture.endpoints[0]) }, needed: needed,
        rules: fixture.set.rules, clock: fixture.clock)
    }
    for (count, needed) in [(0, 0), (1, 0), (2, 1), (4, 2), (3, 4), (17, 10)] {
      #expect(throws: AgreementRuleError.self, "\(needed) of \(count)") { try set(count, needed) }
    }
    #expect(throws: AgreementRuleError.repeatedName) { try set(2, 2, name: { _ in "e" }) }
    #expect(try set(3, 2).rule == AgreementRule(needed: 2, of: 3))
    for name in ["", "E", "a b", "a/b", String(repeating: "a", count: 33)] {
      #expect(throws: FormatError.invalid("name"), "\(name)") {
        try ChainEndpoint(name: name, transport: SimulatedEndpoint(Fixture().chain))
      }
    }
  }
}
