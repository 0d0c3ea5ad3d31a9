import ChainTestKit
import EthereumRPC
import Identifiers
import ProtocolTestKit
import Testing

struct ChainTimeTests {
  @Test func `A chain that stands still is refused at the very limit and not before`() async throws {
    let fixture = try Fixture(headAge: .seconds(30))
    fixture.clock.advance(by: .seconds(30))
    let block = try await fixture.set.agreeOnBlock(after: nil)
    #expect(block.actableUntil == fixture.clock.monotonicNow())
    fixture.clock.advance(by: .seconds(1))
    await #expect(throws: ChainTrouble.standsStill(seconds: 31)) { try await fixture.set.agreeOnBlock(after: nil) }
  }

  @Test func `A chain whose clock is ahead of ours is refused beyond the tolerance`() async throws {
    let fixture = try Fixture()
    let wall = fixture.clock.wall
    fixture.clock.setWall(wall.adding(seconds: -15))
    _ = try await fixture.set.agreeOnBlock(after: nil)
    fixture.clock.setWall(wall.adding(seconds: -16))
    await #expect(throws: ChainTrouble.clockAhead(seconds: 16)) { try await fixture.set.agreeOnBlock(after: nil) }
  }

  @Test func `One endpoint cannot make a chain that stands still look alive`() async throws {
    let fixture = try Fixture(headAge: .seconds(30))
    fixture.clock.advance(by: .seconds(31))
    let alive = fixture.fork(back: 0)
    alive.mine(after: 31)
    fixture.endpoints[0].follow(alive)
    await #expect(throws: ChainTrouble.standsStill(seconds: 31)) { try await fixture.set.agreeOnBlock(after: nil) }
  }

  /// The weakened double needs only one of them.
  @Test func `One endpoint makes it look alive to who believes it alone N`() async throws {
    let fixture = try Fixture(endpoints: 1, needed: 1, headAge: .seconds(30))
    fixture.clock.advance(by: .seconds(31))
    let alive = fixture.fork(back: 0)
    alive.mine(after: 31)
    fixture.endpoints[0].follow(alive)
    #expect(try await fixture.set.agreeOnBlock(after: nil).headNumber == 11)
  }
}
