public import Identifiers
import Synchronization

/// What the wall clock shows, and the highest it ever showed.
public struct ClockReading: Sendable, Hashable {
  public let wall: Timestamp
  public let highest: Timestamp

  /// How far the clock may fall back before nothing that depends on time is decided any more.
  public static let tolerance: Int64 = 5

  public init(wall: Timestamp, highest: Timestamp) {
    self.wall = wall
    self.highest = max(wall, highest)
  }

  /// A clock that went back would make expired requests valid again.
  public var isTrustworthy: Bool { highest.seconds(since: wall) <= Self.tolerance }
}

/// Remembers the highest wall time this process saw.
public final class WallClockGuard: Sendable {
  private let clock: any LocalClock
  private let highestSeen: Mutex<Timestamp>

  /// - Parameter highest: from before a restart, where something durable kept it.
  public init(clock: any LocalClock, highest: Timestamp = Timestamp(secondsSince1970: 0)) {
    self.clock = clock
    highestSeen = Mutex(highest)
  }

  public func read() -> ClockReading {
    highestSeen.withLock { highest in
      // Read inside: of two readings the later one never has the lower `highest`.
      let reading = ClockReading(wall: clock.wall, highest: highest)
      highest = reading.highest
      return reading
    }
  }
}
