/// Waiting times between attempts: doubling, each drawn at random from its upper half so that nodes do not dial in step.
struct BackOff: Sendable {
  private let range: ClosedRange<Duration>
  private var current: Duration

  init(_ range: ClosedRange<Duration>) {
    self.range = range
    current = range.lowerBound
  }

  mutating func reset() {
    current = range.lowerBound
  }

  /// - Parameter random: two random bytes or more.
  mutating func next(random: [UInt8]) -> Duration {
    let fraction = Double(random.prefix(2).reduce(0) { $0 << 8 | UInt32($1) }) / 65_536
    let wait = current / 2 + current / 2 * fraction
    current = min(current * 2, range.upperBound)
    return wait
  }
}
