import ChainTestKit
import EthereumRPC
import Identifiers
import Testing
import Wire

/// Transactions of which endpoints say that they wait.
@Suite struct AccountNonceTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func nonces(waiting: [String]) async throws -> AccountNonces {
    for (endpoint, count) in zip(fixture.endpoints, waiting) {
      endpoint.override { method, parameters in
        guard method == "eth_getTransactionCount" else { return nil }
        return .result(.string(parameters.last == .string("pending") ? count : "0x5"))
      }
    }
    return try await TransactionSender(fixture.set).nonces(of: .zero)
  }

  @Test func `What waits is what enough endpoints have`() async throws {
    #expect(try await nonces(waiting: ["0x5", "0x5", "0x5"]).hasWaiting == false)
    #expect(try await nonces(waiting: ["0x6", "0x7", "0x5"]).afterWaiting == 6)
    #expect(try await nonces(waiting: ["0x4", "0x4", "0x4"]).afterWaiting == 5)
  }

  @Test func `A10 An endpoint that always tells of a transaction on its way keeps nobody waiting`() async throws {
    let nonces = try await nonces(waiting: ["0x63", "0x5", "0x5"])
    #expect(!nonces.hasWaiting && nonces.afterBlocks == 5)
  }

  /// The weakened double believes whoever says most.
  @Test func `A10 N Whoever is believed alone keeps a deployer waiting for ever`() async throws {
    _ = try await nonces(waiting: ["0x63", "0x5", "0x5"])
    let alone = try EndpointSet(
      [ChainEndpoint(name: "alone", transport: fixture.endpoints[0])], needed: 1, rules: fixture.set.rules,
      clock: fixture.clock)
    #expect(try await TransactionSender(alone).nonces(of: .zero).hasWaiting)
  }
}
