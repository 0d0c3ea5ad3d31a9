internal import Identifiers
internal import Synchronization

/// The wall clock with a memory: how far it had come, in this life and before the last restart.
///
/// A clock that was set back makes expired requests and capabilities valid again, so the highest reading counts too.
final class WallClock: Sendable {
  /// By how much the clock may lag behind its highest reading.
  static let tolerance: Int64 = 5

  private let clock: any LocalClock
  private let highest: Mutex<Timestamp>

  init(_ clock: any LocalClock, highestBefore: Timestamp?) {
    self.clock = clock
    highest = Mutex(highestBefore ?? Timestamp(secondsSince1970: 0))
  }

  struct Reading: Sendable, Hashable {
    let wall: Timestamp
    let highest: Timestamp

    var isTrustworthy: Bool { highest.seconds(since: wall) <= WallClock.tolerance }
  }

  /// Reads the clock and raises the mark.
  func read() -> Reading {
    let wall = clock.wall
    let highest = highest.withLock { highest in
      highest = max(highest, wall)
      return highest
    }
    return Reading(wall: wall, highest: highest)
  }
}
