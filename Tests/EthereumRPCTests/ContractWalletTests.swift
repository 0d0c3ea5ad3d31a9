import ChainTestKit
import EthereumChain
@testable import EthereumRPC
import Identifiers
import ProtocolTestKit
import SigningContent
import Synchronization
import Testing

struct ContractWalletTests {
  private static let digest = Digest32.zero
  private static let magic = [0x16, 0x26, 0xba, 0x7e] + [UInt8](repeating: 0, count: 28)

  /// Says yes to one signature.
  private static func wallet(accepting accepted: UInt8) -> SimulatedContract {
    SimulatedContract(code: [2]) { data in
      // Selector, digest, offset, length, signature.
      guard data.count == 4 + 4 * 32, data.prefix(4).elementsEqual([0x16, 0x26, 0xba, 0x7e]) else { return .reverted }
      return .returned(data[4 + 3 * 32] == accepted ? magic : [UInt8](repeating: 0xff, count: 32))
    }
  }

  private func judge(_ fixture: Fixture, _ signature: [UInt8] = [7], at block: AgreedBlock) async
    -> ContractWalletVerdict
  {
    await fixture.set.contractWallet(Fixture.contract, signed: Self.digest, signature, at: block.hash)
  }

  @Test func `A contract's yes is the one word of EIP-1271, and anything else is a no`() async throws {
    let fixture = try Fixture(contract: Self.wallet(accepting: 7))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(await judge(fixture, at: block) == .valid)
    #expect(await judge(fixture, [8], at: block) == .invalid)
    #expect(await judge(fixture, [UInt8](repeating: 7, count: 5_000), at: block) == .invalid)
  }

  @Test(
    arguments: [
      [], Array(magic.prefix(4)), Array(magic.prefix(31)), magic.map { _ in 1 }, magic.dropLast() + [1],
      [0] + magic.dropLast(),
    ] as [[UInt8]])
  func `Answers that are not exactly that word are a no`(_ answer: [UInt8]) async throws {
    let fixture = try Fixture(contract: SimulatedContract(code: [2]) { _ in .returned(answer) })
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(await judge(fixture, at: block) == .invalid)
  }

  @Test func `A contract that fails, and an address without one, are a no`() async throws {
    let fixture = try Fixture(contract: SimulatedContract(code: [2]))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(await judge(fixture, at: block) == .invalid)
    let stranger = try WalletAddress(bytes: [UInt8](repeating: 3, count: 20))
    #expect(await fixture.set.contractWallet(stranger, signed: Self.digest, [7], at: block.hash) == .invalid)
  }

  @Test func `A9 Nodes at different heads that judge at one block judge alike`() async throws {
    let fixture = try Fixture(depth: 0, contract: Self.wallet(accepting: 7))
    let pinned = try await fixture.set.agreeOnBlock(after: nil)
    fixture.mine { $0.contracts[Fixture.contract] = Self.wallet(accepting: 8) }
    let later = try await fixture.set.agreeOnBlock(after: pinned)
    // A node that has come further still judges where the request says.
    let same = try #require(try await fixture.set.block(pinned.number, hash: pinned.hash, under: later))
    #expect(await judge(fixture, at: pinned) == .valid)
    #expect(await judge(fixture, at: same) == .valid)
  }

  /// The weakened double judges at the newest block each node has.
  @Test func `A9 N Nodes that judge where they happen to be judge differently`() async throws {
    let fixture = try Fixture(depth: 0, contract: Self.wallet(accepting: 7))
    let first = try await fixture.set.agreeOnBlock(after: nil)
    fixture.mine { $0.contracts[Fixture.contract] = Self.wallet(accepting: 8) }
    let second = try await fixture.set.agreeOnBlock(after: first)
    #expect(await judge(fixture, at: first) == .valid)
    #expect(await judge(fixture, at: second) == .invalid)
  }

  @Test func `A9 A contract that answers each endpoint otherwise is judged by nobody`() async throws {
    let fixture = try Fixture(contract: Self.wallet(accepting: 7))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for (place, endpoint) in fixture.endpoints.enumerated() {
      endpoint.override { method, _ in method == "eth_call" ? .result(.string("0x0\(place)")) : nil }
    }
    #expect(await judge(fixture, at: block) == .undecided(.disagreement(.wallet)))
  }

  @Test(
    arguments: [
      (3, "execution reverted: no"), (3, ""), (-32000, "execution reverted"), (-32000, "Execution reverted"),
      (-32015, "VM execution error."), (-32000, "out of gas"), (-32000, "invalid opcode: opcode 0xfe not defined"),
    ] as [(Int64, String)])
  func `However a program says that code failed, it is a no`(_ code: Int64, _ message: String) async throws {
    let fixture = try Fixture(contract: Self.wallet(accepting: 7))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for endpoint in fixture.endpoints {
      endpoint.override { method, _ in method == "eth_call" ? .error(code: code, message: message) : nil }
    }
    #expect(await judge(fixture, at: block) == .invalid)
  }

  @Test func `One endpoint's yes or no counts nothing against the others`() async throws {
    let fixture = try Fixture(contract: Self.wallet(accepting: 7))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    fixture.endpoints[1].override { method, _ in
      method == "eth_call" ? .result(.string(HexText.write(Self.magic))) : nil
    }
    #expect(await judge(fixture, [8], at: block) == .invalid)
    fixture.clock.advance(by: .seconds(1))
    fixture.endpoints[1].override { method, _ in method == "eth_call" ? .error(code: 3, message: "") : nil }
    #expect(await judge(fixture, at: block) == .valid)
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-1"), ("about", "wallet")]) == 2)
    #expect(fixture.set.hasResting == false)
  }

  @Test func `Where too few endpoints answer nobody can say`() async throws {
    let fixture = try Fixture(contract: Self.wallet(accepting: 7))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for endpoint in fixture.endpoints.prefix(2) {
      // An endpoint's own failure is not the contract's.
      endpoint.override { method, _ in method == "eth_call" ? .error(code: -32_000, message: "out of luck") : nil }
    }
    #expect(await judge(fixture, at: block) == .undecided(.tooFewEndpoints(answered: 1, needed: 2)))
    // A stranger's contract that no endpoint can run makes none of them rest.
    #expect(
      fixture.count("quorate_chain_endpoint_failures_total", [("endpoint", "endpoint-0"), ("reason", "error")]) == 0)
  }

  @Test(arguments: [
    (1_000, ContractWalletVerdict.invalid), (100_000, .undecided(.tooFewEndpoints(answered: 0, needed: 2))),
  ])
  func `An answer that is too long is no yes, and makes no endpoint rest`(
    _ count: Int, _ verdict: ContractWalletVerdict
  ) async throws {
    let answer = Self.magic + [UInt8](repeating: 0, count: count)
    let fixture = try Fixture(contract: SimulatedContract(code: [2]) { _ in .returned(answer) })
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(await judge(fixture, at: block) == verdict)
    #expect(!fixture.set.hasResting)
  }
}
