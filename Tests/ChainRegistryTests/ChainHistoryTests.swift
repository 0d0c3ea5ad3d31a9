import ChainRegistry
import ChainTestKit
import EthereumRPC
import Identifiers
import Membership
import ProtocolTestKit
import Signatures
import Testing

struct ChainHistoryTests {
  /// A registry that a sixth staker joins.
  private func joined(_ network: SampleChainNetwork) throws -> (before: SimulatedRegistry, after: SimulatedRegistry) {
    let after = try network.registry()
    var before = after
    before.members.removeLast()
    var joined = after
    joined.stakingNumber += 1
    return (before, joined)
  }

  @Test func `A10 A join that a reorganisation takes back was never acted on`() async throws {
    let network = try SampleChainNetwork(members: 6)
    let (before, after) = try joined(network)
    let fixture = try Fixture(network: network) { $0 = before }
    await fixture.registry.refresh()
    await fixture.mine(2, after)
    #expect(fixture.registry.current?.members.count == 5)
    fixture.chain.drop(2)
    await fixture.mine(4, mark: [9])
    #expect(fixture.registry.current?.members.count == 5)
    #expect(fixture.registry.trouble == nil)
    #expect(!fixture.registry.isStopped)
  }

  /// The weakened double waits for no block.
  @Test func `A10 N Without depth a join is acted on that the chain takes back`() async throws {
    let network = try SampleChainNetwork(members: 6, finalityDepth: 0)
    let (before, after) = try joined(network)
    let fixture = try Fixture(network: network) { $0 = before }
    await fixture.registry.refresh()
    await fixture.mine(1, after)
    #expect(fixture.registry.current?.members.count == 6)
    fixture.chain.drop(1)
    #expect(fixture.chain.all.last?.state.contracts[network.owner.address] == nil)
  }

  @Test func `A10 Final blocks that are taken back stop the reader for good`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    var updates = fixture.registry.updates.makeAsyncIterator()
    #expect(await updates.next() != nil)
    fixture.chain.drop(5)
    await fixture.mine(9, mark: [9])
    #expect(fixture.registry.trouble == .historyChanged(number: 8))
    #expect(fixture.registry.isStopped)
    #expect(fixture.registry.current == nil)
    #expect(await updates.next() == nil)
    #expect(fixture.count("quorate_chain_refusals_total", [("reason", "history-changed")]) == 1)
    // Nothing brings it back, and nothing more is asked.
    fixture.forgetTraffic()
    #expect(await fixture.registry.refresh() == false)
    #expect(fixture.calls == 0)
    var late = fixture.registry.updates.makeAsyncIterator()
    #expect(await late.next() == nil)
  }

  @Test func `A minority cannot stop a reader with another history`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    let fork = SimulatedChain(
      id: SampleChainNetwork.chainID, timestamp: Fixture.start,
      state: SimulatedState(try fixture.network.registry().contracts))
    for _ in 0..<10 { fork.mine(mark: [9]) }
    fixture.endpoints[0].follow(fork)
    await fixture.mine(3)
    #expect(!fixture.registry.isStopped)
    #expect(fixture.registry.current?.chain?.block.number == 11)
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-0"), ("about", "header")]) >= 1)
  }

  @Test func `Endpoints split in halves leave no view to act on`() async throws {
    let fixture = try Fixture(endpoints: 4, needed: 3)
    await fixture.registry.refresh()
    let fork = SimulatedChain(
      id: SampleChainNetwork.chainID, timestamp: Fixture.start,
      state: SimulatedState(try fixture.network.registry().contracts))
    for _ in 0..<10 { fork.mine(mark: [9]) }
    for endpoint in fixture.endpoints.prefix(2) { endpoint.follow(fork) }
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .disagreement(.header))
    #expect(fixture.count("quorate_chain_disagreements_total", [("about", "header")]) == 1)
    fixture.clock.advance(by: .seconds(11))
    #expect(fixture.registry.current == nil)
    #expect(!fixture.registry.isStopped)
  }

  @Test func `Many who ask at once share one reading`() async throws {
    let fixture = try Fixture()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = await fixture.registry.refresh() } }
    }
    #expect(fixture.registry.current != nil)
    // Readings one after another at most, never two of the first kind side by side.
    #expect(fixture.methods("eth_call") == 1 + 3 + 1)
  }
}
