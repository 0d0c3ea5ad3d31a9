/// When an endpoint is asked again after it failed: waits double up to a bound, one answer ends them.
struct EndpointHealth: Sendable {
  static let waits = Duration.seconds(1)...Duration.seconds(15)

  private var wait = waits.lowerBound
  private var rested: Duration?
  /// Whether it said that it serves the right chain since it last failed.
  private(set) var isKnown = false
  /// Whether the others had settled the latest question before it answered.
  private(set) var isSlow = false
  /// Whether it says that it has no `eth_getProof`.
  private(set) var lacksProofs = false

  func isReady(at now: Duration) -> Bool { rested.map { $0 <= now } ?? true }

  mutating func succeeded() {
    isKnown = true
    isSlow = false
    rested = nil
    wait = Self.waits.lowerBound
  }

  mutating func failed(at now: Duration) {
    isKnown = false
    // Several questions at a time fail for one reason.
    guard isReady(at: now) else { return }
    // It may come back as another program.
    lacksProofs = false
    rested = now + wait
    wait = min(wait * 2, Self.waits.upperBound)
  }

  mutating func wasLeftBehind() { isSlow = true }

  mutating func saidItLacksProofs() { lacksProofs = true }
}
