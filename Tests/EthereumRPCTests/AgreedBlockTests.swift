import ChainTestKit
import EthereumChain
@testable import EthereumRPC
import Identifiers
import ProtocolTestKit
import SigningContent
import Testing

struct AgreedBlockTests {
  @Test func `The block that counts has as many blocks on it as the rules say`() async throws {
    let fixture = try Fixture()
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.number == 8)
    #expect(block.headNumber == 10)
    #expect(block.hash == fixture.chain.block(8)?.hash)
  }

  @Test func `A chain shorter than the depth counts from its first block`() async throws {
    let fixture = try Fixture(blocks: 1, depth: 5)
    #expect(try await fixture.set.agreeOnBlock(after: nil).number == 0)
  }

  @Test func `One endpoint that tells of another chain is outvoted and counted`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[1].follow(fixture.fork(back: 5))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.hash == fixture.chain.block(8)?.hash)
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-1"), ("about", "header")]) == 1)
  }

  @Test func `Endpoints that all say something else are believed by nobody`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[1].follow(fixture.fork(back: 5, mark: [1]))
    fixture.endpoints[2].follow(fixture.fork(back: 5, mark: [2]))
    await #expect(throws: ChainTrouble.disagreement(.header)) { try await fixture.set.agreeOnBlock(after: nil) }
    #expect(fixture.count("quorate_chain_disagreements_total", [("about", "header")]) == 1)
  }

  /// The weakened double: a reader with one endpoint and no second opinion.
  @Test func `One endpoint alone, believed alone, decides what the chain is N`() async throws {
    let fixture = try Fixture(endpoints: 1, needed: 1)
    let fork = fixture.fork(back: 5)
    fixture.endpoints[0].follow(fork)
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.hash == fork.block(8)?.hash)
    #expect(block.hash != fixture.chain.block(8)?.hash)
  }

  @Test func `A state root put into a header is found by the hash`() async throws {
    let fixture = try Fixture()
    let forged = JSONValue.string("0x" + String(repeating: "77", count: 32))
    let chain = fixture.chain
    for endpoint in fixture.endpoints.prefix(2) {
      endpoint.override { method, parameters in
        guard method == "eth_getBlockByNumber" else { return nil }
        let number = parameters[0].text == "latest" ? chain.head : UInt64(parameters[0].text.dropFirst(2), radix: 16)
        return number.flatMap { chain.block($0) }.map { .result($0.json.setting("stateRoot", to: forged)) }
      }
    }
    await #expect(throws: ChainTrouble.tooFewEndpoints(answered: 1, needed: 2)) {
      try await fixture.set.agreeOnBlock(after: nil)
    }
    #expect(
      fixture.count("quorate_chain_endpoint_failures_total", [("endpoint", "endpoint-0"), ("reason", "header")]) == 1)
  }

  /// The weakened double: a reader that compares the hashes stated, and takes the rest as it comes.
  @Test func `Stated hashes agree while the state root under them is forged N`() throws {
    let fixture = try Fixture()
    let honest = try #require(fixture.chain.block(8)?.json)
    let forged = honest.setting("stateRoot", to: .string("0x" + String(repeating: "77", count: 32)))
    #expect(forged["hash"] == honest["hash"])
    #expect(forged["stateRoot"] != honest["stateRoot"])
    #expect(throws: BlockHeaderError.hashMismatch) { try BlockHeader(forged) }
  }

  @Test func `A lagging endpoint does not hold the others up, and is counted`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[2].lag(by: 6)
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.number == 8)
    #expect(fixture.count("quorate_chain_endpoint_lags_total", [("endpoint", "endpoint-2")]) == 1)
  }

  @Test func `Too few endpoints at the newest block bring it down to what enough of them have`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[1].lag(by: 1)
    fixture.endpoints[2].lag(by: 4)
    #expect(try await fixture.set.agreeOnBlock(after: nil).headNumber == 9)
  }

  @Test func `The largest number a block can have traps nobody`() async throws {
    let fixture = try Fixture()
    // True in all but what cannot be checked alone: the last block there can be.
    let last = SimulatedChain(id: 31_337, timestamp: Fixture.start, state: SimulatedState(), number: .max)
    fixture.endpoints[0].override { method, _ in
      method == "eth_getBlockByNumber" ? (last.all.first?.json).map { .result($0) } : nil
    }
    #expect(try await fixture.set.agreeOnBlock(after: nil).headNumber == 10)
    fixture.endpoints[1].override { method, _ in
      method == "eth_getBlockByNumber" ? (last.all.first?.json).map { .result($0) } : nil
    }
    await #expect(throws: ChainTrouble.self) { try await fixture.set.agreeOnBlock(after: nil) }
  }

  /// A minute of blocks that the first endpoint hides: its newest block is an old one with the time of now, and what is
  /// under it is the truth. The last endpoint is dead.
  private func hideNewestBlocks(_ fixture: Fixture) throws {
    fixture.mine(60)
    fixture.endpoints[2].die()
    let old = SimulatedChain(id: fixture.chain.id, timestamp: Fixture.start, state: SimulatedState())
    for _ in 0..<9 { old.mine() }
    old.mine(after: 61)
    let (chain, newest) = (fixture.chain, try #require(old.block(10)))
    fixture.endpoints[0].override { method, parameters in
      guard method == "eth_getBlockByNumber" else { return nil }
      guard parameters[0].text != "latest" else { return .result(newest.json) }
      return UInt64(parameters[0].text.dropFirst(2), radix: 16).flatMap { chain.block($0) }.map { .result($0.json) }
    }
  }

  @Test(arguments: [true, false])
  func `A10 whoever hides the newest blocks while another is down shows a chain that stands still`(
    isFirstReading: Bool
  ) async throws {
    let fixture = try Fixture(headAge: .seconds(30))
    let previous = isFirstReading ? nil : try await fixture.set.agreeOnBlock(after: nil)
    try hideNewestBlocks(fixture)
    await #expect(throws: ChainTrouble.standsStill(seconds: 61)) {
      try await fixture.set.agreeOnBlock(after: previous)
    }
    // It rests, but a reader in trouble asks everybody.
    fixture.endpoints[2].recover()
    #expect(try await fixture.set.agreeOnBlock(after: previous).headNumber == 70)
  }

  /// The weakened double believes what endpoints state of their newest blocks' numbers and times.
  @Test func `A10 N by the newest blocks that endpoints state themselves the old one would be fresh`() async throws {
    let fixture = try Fixture(headAge: .seconds(30))
    try hideNewestBlocks(fixture)
    var stated: [BlockHeader] = []
    for (place, endpoint) in fixture.endpoints.prefix(2).enumerated() {
      stated.append(try await ChainEndpoint(name: "endpoint-\(place)", transport: endpoint).latestHeader())
    }
    #expect(stated.map(\.number).min() == 10)
    #expect(try fixture.clock.wall.seconds(since: #require(stated.map(\.moment).min())) <= 0)
  }

  @Test func `Newest blocks that endpoints have differently are passed over`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[0].follow(fixture.fork(back: 1, mark: [1]))
    fixture.endpoints[1].follow(fixture.fork(back: 1, mark: [2]))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.number == 8 && block.headNumber == 9)
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-0"), ("about", "header")]) == 0)
  }

  @Test func `One endpoint that is far ahead raises nothing`() async throws {
    let fixture = try Fixture()
    let ahead = fixture.fork(back: 1)
    for _ in 0..<5 { ahead.mine() }
    fixture.endpoints[0].follow(ahead)
    #expect(try await fixture.set.agreeOnBlock(after: nil).headNumber == 10)
  }

  @Test func `A dead endpoint is outlived, two are not, and they are asked again later`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[0].die()
    #expect(try await fixture.set.agreeOnBlock(after: nil).number == 8)
    #expect(
      fixture.count(
        "quorate_chain_endpoint_failures_total", [("endpoint", "endpoint-0"), ("reason", "unreachable")]) == 1)
    // It rests for a second, and twice as long after the next failure.
    let calls = fixture.endpoints[0].traffic.calls
    _ = try await fixture.set.agreeOnBlock(after: nil)
    #expect(fixture.endpoints[0].traffic.calls == calls)
    fixture.clock.advance(by: .seconds(1))
    _ = try await fixture.set.agreeOnBlock(after: nil)
    #expect(fixture.endpoints[0].traffic.calls > calls)

    fixture.endpoints[1].die()
    await #expect(throws: ChainTrouble.tooFewEndpoints(answered: 1, needed: 2)) {
      try await fixture.set.agreeOnBlock(after: nil)
    }
    // With too few awake everybody is asked, so that nothing waits once they are back.
    fixture.endpoints[0].recover()
    #expect(try await fixture.set.agreeOnBlock(after: nil).number == 8)
  }

  @Test func `An endpoint that takes its time is waited for no longer than enough others took again`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[0].stall()
    let looking = Task { [set = fixture.set] in try await set.agreeOnBlock(after: nil) }
    for _ in 0..<5_000 where fixture.clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
    try #require(fixture.clock.sleeperCount == 1)
    fixture.clock.advance(by: EndpointSet.patience)
    #expect(try await looking.value.number == 8)
  }

  @Test func `A10 whoever names an old block while another takes its time is waited out`() async throws {
    let fixture = try Fixture()
    fixture.endpoints[0].lag(by: 6)
    fixture.endpoints[2].stall(for: .milliseconds(300))
    // No patience is asked of the clock, which stands still: all are waited for.
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.headNumber == 10)
  }

  @Test func `A flapping endpoint changes nothing for the rest`() async throws {
    let fixture = try Fixture()
    var previous: AgreedBlock?
    for round in 0..<12 {
      if round.isMultiple(of: 2) { fixture.endpoints[1].die() } else { fixture.endpoints[1].recover() }
      let block = try await fixture.set.agreeOnBlock(after: previous)
      #expect(block.number == UInt64(8 + round))
      previous = block
      fixture.mine()
    }
  }

  @Test func `An endpoint of another chain is no endpoint`() async throws {
    let fixture = try Fixture()
    let other = SimulatedChain(id: 1, timestamp: Fixture.start, state: SimulatedState())
    fixture.endpoints[0].follow(other)
    #expect(try await fixture.set.agreeOnBlock(after: nil).number == 8)
    #expect(
      fixture.count("quorate_chain_endpoint_failures_total", [("endpoint", "endpoint-0"), ("reason", "wrong-chain")])
        == 1)
  }
}
