import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import ProtocolTestKit
import Testing

struct ReorganisationTests {
  @Test func `A10 A reorganisation above the depth is never seen`() async throws {
    let fixture = try Fixture(depth: 2)
    let before = try await fixture.set.agreeOnBlock(after: nil)
    fixture.chain.drop(2)
    fixture.mine(3, mark: [9])
    let after = try await fixture.set.agreeOnBlock(after: before)
    #expect(after.number == 9)
    #expect(after.header.parentHash == before.hash)
  }

  @Test func `A10 A head that goes back takes nothing final back`() async throws {
    let fixture = try Fixture(depth: 2)
    let before = try await fixture.set.agreeOnBlock(after: nil)
    fixture.chain.drop(2)
    let after = try await fixture.set.agreeOnBlock(after: before)
    #expect(after.hash == before.hash)
    fixture.chain.drop(1)
    await #expect(throws: ChainTrouble.behind(number: 7, known: 8)) {
      try await fixture.set.agreeOnBlock(after: before)
    }
  }

  @Test(arguments: [3, 4, 12])
  func `A10 A reorganisation below the depth is found, however far the chain has come`(_ mined: Int) async throws {
    let fixture = try Fixture(depth: 2)
    let before = try await fixture.set.agreeOnBlock(after: nil)
    fixture.chain.drop(3)
    fixture.mine(mined, mark: [9])
    await #expect(throws: ChainTrouble.historyChanged(number: 8)) {
      try await fixture.set.agreeOnBlock(after: before)
    }
  }

  /// The weakened double forgets what it agreed on before.
  @Test func `A10 N Who forgets the block before goes over to the other chain`() async throws {
    let fixture = try Fixture(depth: 2)
    let before = try await fixture.set.agreeOnBlock(after: nil)
    fixture.chain.drop(3)
    fixture.mine(4, mark: [9])
    let after = try await fixture.set.agreeOnBlock(after: nil)
    #expect(after.number > before.number)
    #expect(fixture.chain.block(before.number)?.hash != before.hash)
  }

  @Test func `A10 Readers at different heads agree on every block that both have under them`() async throws {
    let fixture = try Fixture(depth: 2)
    let late = try Fixture(depth: 2)
    for endpoint in late.endpoints {
      endpoint.follow(fixture.chain)
      endpoint.lag(by: 1)
    }
    let first = try await fixture.set.agreeOnBlock(after: nil)
    let second = try await late.set.agreeOnBlock(after: nil)
    #expect(first.number == second.number + 1)
    #expect(first.header.parentHash == second.hash)
  }

  @Test func `A block somebody names counts where it lies on the agreed chain, and lately`() async throws {
    let fixture = try Fixture(blocks: 200, depth: 2)
    let agreed = try await fixture.set.agreeOnBlock(after: nil)
    let hash = try #require(fixture.chain.block(150)?.hash)
    #expect(try await fixture.set.block(150, hash: hash, under: agreed)?.hash == hash)
    #expect(try await fixture.set.block(151, hash: hash, under: agreed) == nil)
    #expect(try await fixture.set.block(150, hash: .zero, under: agreed) == nil)
    #expect(try await fixture.set.block(agreed.number, hash: agreed.hash, under: agreed) == agreed)
    // Not final yet, and too long ago.
    let newest = try #require(fixture.chain.block(200)?.hash)
    #expect(try await fixture.set.block(200, hash: newest, under: agreed) == nil)
    let oldest = try #require(fixture.chain.block(70)?.hash)
    #expect(try await fixture.set.block(70, hash: oldest, under: agreed) == nil)
    // On a slow chain few blocks are a long time.
    fixture.clock.advance(by: .seconds(EndpointSet.pastTimeLimit))
    fixture.chain.mine(after: UInt64(EndpointSet.pastTimeLimit))
    for _ in 0..<2 { fixture.chain.mine(after: 0) }
    let slow = try await fixture.set.agreeOnBlock(after: agreed)
    #expect(try await fixture.set.block(agreed.number, hash: agreed.hash, under: slow) == nil)
  }
}
