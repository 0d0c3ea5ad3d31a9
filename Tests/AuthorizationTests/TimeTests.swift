import Authorization
import Identifiers
import ProtocolTestKit
import Signatures
import Testing
import Wire

@Suite struct TimeTests {
  private static func reason(_ order: Order, wall: Int64 = 0, highest: Int64? = nil) throws -> Refusal.Reason? {
    let setting = try Setting()
    let wall = setting.now.adding(seconds: wall)
    let highest = highest.map { setting.now.adding(seconds: $0) } ?? wall
    return setting.refusal(order, at: ClockReading(wall: wall, highest: highest))?.reason
  }

  @Test(arguments: [(59, nil), (60, .expired), (61, .expired)] as [(Int64, Refusal.Reason?)])
  func `step 4 A1 a request ends with its last second`(wall: Int64, reason: Refusal.Reason?) throws {
    #expect(try Self.reason(Order(), wall: wall) == reason)
  }

  @Test(arguments: [(4, nil), (5, nil), (6, .notYetValid)] as [(Int64, Refusal.Reason?)])
  func `step 4 A1 a user's clock may be five seconds ahead`(issued: Int64, reason: Refusal.Reason?) throws {
    #expect(try Self.reason(Order(issued: issued)) == reason)
  }

  @Test(arguments: [(-601, .outsideCapability), (-600, nil), (-599, nil)] as [(Int64, Refusal.Reason?)])
  func `step 4 A1 a request does not begin before its capability`(issued: Int64, reason: Refusal.Reason?) throws {
    // The wall stands where a request of that age is still alive.
    #expect(try Self.reason(Order(issued: issued, expires: issued + 300), wall: -500) == reason)
  }

  @Test(arguments: [(59, .outsideCapability), (60, nil), (61, nil)] as [(Int64, Refusal.Reason?)])
  func `step 4 A1 a request does not outlive its capability`(until: Int64, reason: Refusal.Reason?) throws {
    #expect(try Self.reason(Order(capabilityExpires: until)) == reason)
  }

  @Test(arguments: [(-2, nil), (-1, nil), (0, .outsideCapability)] as [(Int64, Refusal.Reason?)])
  func `step 4 A1 a request does not begin before the capability's Not Before`(
    from: Int64, reason: Refusal.Reason?
  ) throws {
    let setting = try Setting()
    var order = Order()
    order.message = { $0.notBefore = SIWETime(setting.now.adding(seconds: from)) }
    #expect(try Self.reason(order) == reason)
  }

  @Test func `step 4 Not Before earlier than Issued At does not make a capability older`() throws {
    let setting = try Setting()
    var order = Order(issued: -601, expires: -301)
    order.message = { $0.notBefore = SIWETime(setting.now.adding(seconds: -1_200)) }
    #expect(try Self.reason(order, wall: -500) == .outsideCapability)
  }

  @Test(arguments: [(4, nil), (5, nil), (6, .clockWentBack), (3_600, .clockWentBack)] as [(Int64, Refusal.Reason?)])
  func `step 4 O3 a clock more than five seconds below its highest refuses everything`(
    highest: Int64, reason: Refusal.Reason?
  ) throws {
    #expect(try Self.reason(Order(), highest: highest) == reason)
  }

  @Test func `O3 the guard remembers the highest time it saw, also from before a restart`() throws {
    let start = try Timestamp(text: "2026-01-01T00:00:00Z")
    let clock = ManualClock(wall: start)
    let wallClock = WallClockGuard(clock: clock)
    #expect(wallClock.read().isTrustworthy)
    clock.setWall(start.adding(seconds: 3_600))
    #expect(wallClock.read().isTrustworthy)
    clock.setWall(start.adding(seconds: 3_595))
    #expect(wallClock.read().isTrustworthy)
    clock.setWall(start.adding(seconds: 3_594))
    let reading = wallClock.read()
    #expect(!reading.isTrustworthy)
    #expect(reading.highest == start.adding(seconds: 3_600))
    clock.setWall(start.adding(seconds: 3_600))
    #expect(wallClock.read().isTrustworthy)
    let restarted = WallClockGuard(clock: clock, highest: start.adding(seconds: 3_606))
    #expect(!restarted.read().isTrustworthy)
  }
}
