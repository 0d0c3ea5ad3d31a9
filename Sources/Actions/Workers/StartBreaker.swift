/// Stops trying to start workers when that fails again and again, for a time that doubles up to a minute.
struct StartBreaker: Sendable {
  private var failures = 0
  private var closedAgain: Duration?

  static let tolerated = 3
  static let longestPause = Duration.seconds(60)

  /// - Parameter now: monotonic.
  func allows(at now: Duration) -> Bool {
    closedAgain.map { now >= $0 } ?? true
  }

  mutating func succeeded() {
    failures = 0
    closedAgain = nil
  }

  mutating func failed(at now: Duration) {
    failures = min(failures + 1, 64)
    guard failures >= Self.tolerated else { return }
    let doublings = min(failures - Self.tolerated, 6)
    closedAgain = now + min(.seconds(1 << doublings), Self.longestPause)
  }

  /// How long to wait before the next try; zero when it may be at once.
  func pause(at now: Duration) -> Duration {
    closedAgain.map { max($0 - now, .zero) } ?? .zero
  }
}
