/// How long a pair waits before its next attempt at a set-up.
///
/// A member that fails a check waits from 1 s up to 10 min, twice as long every time, so that each bit it may learn costs
/// it its own availability and nobody else's. What can happen to honest members is retried sooner.
struct PairPause: Sendable, Hashable {
  static let afterBurn = (first: Duration.seconds(1), last: Duration.seconds(600))
  static let afterTrouble = (first: Duration.milliseconds(250), last: Duration.seconds(15))

  private(set) var until = Duration.zero
  private var burns = 0
  private var troubles = 0

  /// - Parameter age: how long the set-up had been there. One that was good for long ends the count.
  mutating func burn(at now: Duration, after age: Duration) {
    if age >= Self.afterBurn.last { burns = 0 }
    until = max(until, now + Self.pause(Self.afterBurn, burns))
    burns += 1
  }

  mutating func trouble(at now: Duration, after age: Duration) {
    if age >= Self.afterTrouble.last { troubles = 0 }
    until = max(until, now + Self.pause(Self.afterTrouble, troubles))
    troubles += 1
  }

  private static func pause(_ range: (first: Duration, last: Duration), _ count: Int) -> Duration {
    min(range.first * (1 << min(count, 16)), range.last)
  }
}
