import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import ProtocolTestKit
import SigningContent
import Testing

struct AgreedStateTests {
  private static func lie(_ state: inout SimulatedState) {
    state.contracts[Fixture.contract]?.storage[Fixture.slot] = UInt256(666)
  }

  private static func claimingLie(_ method: String, _ parameters: [JSONValue]) -> SimulatedEndpoint.Reply? {
    switch method {
    case "eth_getProof": .error(code: -32_601, message: "no such method")
    case "eth_getStorageAt": .result(.string(HexText.write(UInt256(666).bigEndianBytes)))
    default: nil
    }
  }

  @Test func `A word is shown by a proof under the agreed header`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    let words = try await fixture.set.words(
      of: Fixture.contract, [Fixture.slot, Digest32(bytes: [UInt8](repeating: 1, count: 32))], at: block)
    #expect(words.words == [UInt256(42), .zero])
    #expect(words.proof?.codeHash == fixture.chain.block(8)?.state.contracts[Fixture.contract]?.codeHash)
  }

  @Test func `One proof outweighs any number of claims, and shows who lies`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for endpoint in fixture.endpoints.prefix(2) { endpoint.override(Self.claimingLie) }
    let words = try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    #expect(words.words == [UInt256(42)])
    for name in ["endpoint-0", "endpoint-1"] {
      #expect(fixture.count("quorate_chain_contradictions_total", [("endpoint", name), ("about", "storage")]) == 1)
    }
  }

  @Test func `A true proof of another state shows nothing`() async throws {
    let fixture = try Fixture(endpoints: 1, needed: 1)
    let block = try await fixture.set.agreeOnBlock(after: nil)
    let fork = fixture.fork(back: 5, Self.lie)
    let other = SimulatedEndpoint(fork)
    let hash = try #require(fork.block(8)?.hash)
    let body = try await other.exchange(
      JSONValue.object([
        JSONMember("id", .integer(1)), JSONMember("method", .string("eth_getProof")),
        JSONMember(
          "params",
          .array([
            .string(Fixture.contract.text), .array([.string("0x" + Fixture.slot.text)]),
            .object([JSONMember("blockHash", .string("0x" + hash.text))]),
          ])),
      ]).serialized, limit: RPCLimits.answer, within: .seconds(1))
    let forged = try JSONValue(parsing: body, limit: 1 << 20)["result"]
    #expect(forged["storageProof"].list.count == 1)
    fixture.endpoints[0].override { method, _ in method == "eth_getProof" ? .result(forged) : nil }
    await #expect(throws: ChainTrouble.disagreement(.storage)) {
      try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    }
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-0"), ("about", "storage")]) == 1)
  }

  /// The weakened double has one endpoint, and takes its word for want of a proof.
  @Test func `One endpoint without proofs, believed alone, says what it likes N`() async throws {
    let fixture = try Fixture(endpoints: 1, needed: 1)
    let block = try await fixture.set.agreeOnBlock(after: nil)
    fixture.endpoints[0].override(Self.claimingLie)
    let words = try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    #expect(words.words == [UInt256(666)])
    #expect(words.proof == nil)
  }

  @Test func `Without proofs enough endpoints must say the same`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for endpoint in fixture.endpoints { endpoint.offerProofs(false) }
    fixture.endpoints[0].override(Self.claimingLie)
    let words = try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    #expect(words.words == [UInt256(42)])
    #expect(words.proof == nil)
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-0"), ("about", "storage")]) == 1)
    // Who said that it has no proofs is not asked for one again.
    let asked = fixture.endpoints[1].traffic.methods["eth_getProof"]
    _ = try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    #expect(fixture.endpoints[1].traffic.methods["eth_getProof"] == asked)

    // Who was contradicted rests for a while.
    await #expect(throws: Never.self) { try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block) }
    fixture.clock.advance(by: .seconds(1))
    fixture.endpoints[1].die()
    await #expect(throws: ChainTrouble.disagreement(.storage)) {
      try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    }
  }

  @Test func `An endpoint without proofs of this very block is believed like one that has none`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for endpoint in fixture.endpoints {
      endpoint.override { method, _ in
        method == "eth_getProof" ? .error(code: -32_000, message: "distance to target block exceeds maximum") : nil
      }
    }
    #expect(try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block).words == [UInt256(42)])
    // It is asked again for the next block.
    fixture.endpoints[0].recover()
    #expect(try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block).proof != nil)
  }

  @Test func `Code is what enough endpoints give alike`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    fixture.endpoints[0].override { method, _ in method == "eth_getCode" ? .result(.string("0x6000")) : nil }
    let hash = try await fixture.set.codeHash(of: Fixture.contract, at: block)
    #expect(hash == fixture.chain.block(8)?.state.contracts[Fixture.contract]?.codeHash)
    fixture.endpoints[1].override { method, _ in method == "eth_getCode" ? .result(.string("0x6001")) : nil }
    await #expect(throws: ChainTrouble.disagreement(.storage)) {
      try await fixture.set.codeHash(of: Fixture.contract, at: block)
    }
  }

  @Test func `Data that does not fit its digest is asked of the next endpoint`() async throws {
    let contract = SimulatedContract(code: [1]) { _ in .returned([1, 2, 3]) }
    let fixture = try Fixture(contract: contract)
    let block = try await fixture.set.agreeOnBlock(after: nil)
    fixture.endpoints[0].override { method, _ in method == "eth_call" ? .result(.string("0x666666")) : nil }
    let value = try await fixture.set.read(Fixture.contract, [[0], [1]], at: block) { answers in
      answers == [[1, 2, 3], [1, 2, 3]] ? answers.count : nil
    }
    #expect(value == 2)
    #expect(fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-0"), ("about", "data")]) == 1)
    await #expect(throws: ChainTrouble.notObtainable) {
      try await fixture.set.read(Fixture.contract, [[0]], at: block) { _ in Int?.none }
    }
  }

  @Test func `A view is asked of the next endpoint while the one before it takes its time`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    fixture.endpoints[0].stall()
    for endpoint in fixture.endpoints.dropFirst() {
      endpoint.override { method, _ in method == "eth_call" ? .result(.string("0x07")) : nil }
    }
    let reading = Task { [set = fixture.set] in
      try await set.read(Fixture.contract, [[1]], at: block) { $0.first }
    }
    for _ in 0..<5_000 where fixture.clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
    try #require(fixture.clock.sleeperCount == 1)
    #expect(fixture.endpoints[1].traffic.methods["eth_call"] == nil)
    fixture.clock.advance(by: .milliseconds(500))
    #expect(try await reading.value == [7])
    #expect(fixture.endpoints[1].traffic.methods["eth_call"] == 1)
    // It is the last one asked from now on.
    #expect(try await fixture.set.read(Fixture.contract, [[1]], at: block) { $0.first } == [7])
    #expect(fixture.endpoints[1].traffic.methods["eth_call"] == 2)
  }

  @Test func `A liar beside one that rests is outvoted once everybody is asked`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    for endpoint in fixture.endpoints { endpoint.offerProofs(false) }
    fixture.endpoints[1].die()
    _ = try? await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block)
    fixture.endpoints[1].recover()
    fixture.endpoints[0].override(Self.claimingLie)
    #expect(try await fixture.set.words(of: Fixture.contract, [Fixture.slot], at: block).words == [UInt256(42)])
  }
}
