import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Synchronization
import Testing

struct DeadlineTests {
  private struct Nowhere: SessionTransport {
    func send(_ envelope: Envelope, to party: PartyID) async {}
  }

  private final class Ending: Sendable {
    private let state = Mutex<(ProtocolAbort?, Duration)?>(nil)

    var value: (ProtocolAbort?, Duration)? {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
  }

  /// Runs a party that waits for messages nobody sends, and gives how long by the clock until it gives up.
  private func timeToGiveUp(
    perWait: Duration, whole: Duration, deliverAfter: Duration? = nil
  ) throws -> Duration {
    let context = try context(1)
    let mailbox = Mailbox(context, context.plan)
    let clock = ManualClock(wall: try Timestamp(text: "2026-01-01T00:00:00Z"))
    let keeper = DeadlineKeeper(clock: clock, perWait: perWait, whole: whole, grace: .milliseconds(500))
    let session = ProtocolSession(context, mailbox: mailbox, transport: Nowhere())
    let executor = SeededExecutor(seed: 1)
    let ending = Ending()
    Task(executorPreference: executor) { await keeper.keep(mailbox) }
    Task(executorPreference: executor) {
      do throws(ProtocolAbort) {
        _ = try await session.publish(Note(1))
        _ = try await session.deal { _ in Gift(1) }
        ending.value = (nil, clock.monotonicNow())
      } catch {
        ending.value = (error, clock.monotonicNow())
      }
    }
    for _ in 0..<1000 {
      while executor.runOne() {}
      if ending.value != nil { break }
      clock.advance(by: .milliseconds(125))
      if let deliverAfter, clock.monotonicNow() >= deliverAfter {
        for other in context.others { mailbox.deliver(context.envelope([1]), from: other) }
      }
    }
    let (abort, time) = try #require(ending.value, "never gave up")
    guard case .missing = abort else {
      Issue.record("ended with \(String(describing: abort))")
      return .zero
    }
    return time
  }

  @Test func `a wait that takes too long ends the run`() throws {
    let time = try timeToGiveUp(perWait: .seconds(2), whole: .seconds(60))
    #expect(time >= .seconds(2.5))
    #expect(time <= .seconds(3))
  }

  @Test func `a run that takes too long ends though no single wait does`() throws {
    let time = try timeToGiveUp(perWait: .seconds(40), whole: .seconds(5))
    #expect(time >= .seconds(5.5))
    #expect(time <= .seconds(10.5))
  }

  @Test func `every wait has its own time`() throws {
    let time = try timeToGiveUp(perWait: .seconds(2), whole: .seconds(60), deliverAfter: .seconds(1))
    #expect(time >= .seconds(3.5))
    #expect(time <= .seconds(4.25))
  }
}
