import ChainRegistry
import ChainTestKit
import EthereumRPC
import Identifiers
import Membership
import ProtocolTestKit
import Signatures
import Testing

struct StalenessTests {
  @Test func `A10 A view that cannot be renewed is acted on until its limit, and not after`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    for endpoint in fixture.endpoints { endpoint.die() }
    fixture.clock.advance(by: .seconds(10))
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .tooFewEndpoints(answered: 0, needed: 2))
    #expect(fixture.registry.current != nil)
    fixture.clock.advance(by: .milliseconds(1))
    #expect(fixture.registry.current == nil)
    #expect(fixture.registry.currentBlock == nil)
    for endpoint in fixture.endpoints { endpoint.recover() }
    #expect(await fixture.registry.refresh())
    #expect(fixture.registry.current != nil)
  }

  @Test func `A10 A chain that stands still is acted on no longer, however well its endpoints answer`() async throws {
    let network = try SampleChainNetwork(headAgeSeconds: 20)
    let fixture = try Fixture(network: network)
    for _ in 0..<20 {
      await fixture.registry.refresh()
      #expect(fixture.registry.current != nil)
      fixture.clock.advance(by: .seconds(1))
    }
    await fixture.registry.refresh()
    fixture.clock.advance(by: .seconds(1))
    #expect(fixture.registry.current == nil)
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .standsStill(seconds: 21))
  }

  /// The weakened double: a network whose founding document lets the chain stand still for an hour.
  @Test func `A10 N Who takes a chain that stands still for fresh acts on a view it cannot know to be current`()
    async throws
  {
    let network = try SampleChainNetwork(headAgeSeconds: 3_600)
    let fixture = try Fixture(network: network)
    await fixture.registry.refresh()
    fixture.clock.advance(by: .seconds(1_800))
    await fixture.registry.refresh()
    #expect(fixture.registry.current != nil)
  }

  @Test func `A chain whose clock runs ahead renews nothing`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    fixture.clock.setWall(Timestamp(secondsSince1970: Int64(Fixture.start)))
    fixture.chain.mine(after: 6)
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .clockAhead(seconds: 16))
    #expect(fixture.count("quorate_chain_refusals_total", [("reason", "clock-ahead")]) == 1)
  }

  @Test func `Asking for the view asks the chain nothing`() async throws {
    let fixture = try Fixture { registry in
      registry.entries = [.init(try SampleChainNetwork().record())]
    }
    await fixture.registry.refresh()
    fixture.forgetTraffic()
    for _ in 0..<1_000 {
      let snapshot = try #require(fixture.registry.current)
      _ = snapshot.keyRecords(of: fixture.network.owner.address)
      _ = snapshot.eligibleMembers
    }
    #expect(fixture.calls == 0)
  }

  @Test func `A block that changed nothing costs each endpoint two headers and two proofs`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    fixture.forgetTraffic()
    await fixture.mine()
    #expect(fixture.registry.current?.chain?.block.number == 9)
    #expect(fixture.endpoints[0].traffic.methods == ["eth_getBlockByNumber": 2, "eth_getProof": 2])
    // No new block: only the newest header and the one that is agreed.
    fixture.forgetTraffic()
    await fixture.registry.refresh()
    #expect(fixture.endpoints[0].traffic.methods == ["eth_getBlockByNumber": 2])
  }

  @Test func `The reader looks every second, waits longer after failures and comes back`() async throws {
    let fixture = try Fixture()
    let run = Task { [registry = fixture.registry] in await registry.run() }
    func sleeping() async throws {
      // Shorter ones are the patience with slow endpoints.
      func isSleeping() -> Bool { fixture.clock.sleeperCount(lasting: ChainRegistry.pollInterval) == 1 }
      for _ in 0..<2_000 where !isSleeping() { try await Task.sleep(for: .milliseconds(1)) }
      try #require(isSleeping())
    }
    try await sleeping()
    #expect(fixture.registry.current != nil)
    for endpoint in fixture.endpoints { endpoint.die() }
    for wait in [1, 2, 4, 8, 8] {
      fixture.forgetTraffic()
      fixture.clock.advance(by: .seconds(wait) - .milliseconds(1))
      #expect(fixture.calls == 0)
      fixture.clock.advance(by: .milliseconds(1))
      try await sleeping()
      #expect(fixture.calls > 0)
    }
    #expect(fixture.registry.current == nil)
    for endpoint in fixture.endpoints { endpoint.recover() }
    // The chain went on in the meantime.
    fixture.chain.mine(after: 23)
    fixture.clock.advance(by: .seconds(8))
    try await sleeping()
    #expect(fixture.registry.current != nil)
    run.cancel()
    await run.value
  }
}
