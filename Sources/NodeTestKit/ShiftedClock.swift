public import Identifiers
internal import Synchronization

/// The real clock with a wall time a test can move, as an administrator or a faulty time server would.
public final class ShiftedClock: LocalClock {
  private let base = SystemClock()
  private let shift = Mutex<Int64>(0)

  public init() {}

  public func shift(by seconds: Int64) {
    shift.withLock { $0 += seconds }
  }

  public var wall: Timestamp { base.wall.adding(seconds: shift.withLock { $0 }) }
  public func monotonicNow() -> Duration { base.monotonicNow() }
  public func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
}
