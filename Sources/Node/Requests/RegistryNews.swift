internal import Identifiers

/// Where requests wait until this node has read as far in the registry as their users: so many at a time, of everybody
/// some, and of so many bytes.
actor RegistryNews {
  static let waitingLimit = 64
  static let waitingPerOrigin = 16
  static let byteLimit = 8 << 20
  static let bytesPerOrigin = 2 << 20
  private static let interval = Duration.milliseconds(50)

  /// What waits, and until when on the monotonic clock.
  struct Waiting: Sendable {
    let origin: RequestOrigin?
    let byteCount: Int
    let deadline: Duration
  }

  private let clock: any LocalClock
  private var places = FairPlaces<RequestOrigin?>(all: waitingLimit, each: waitingPerOrigin)
  private var bytes = FairPlaces<RequestOrigin?>(all: byteLimit, each: bytesPerOrigin)

  init(clock: any LocalClock) { self.clock = clock }

  /// - Parameter isReached: asked again and again, so it has to be cheap.
  /// - Returns: whether it was reached in time.
  func wait(_ waiting: Waiting, until isReached: @Sendable () -> Bool) async -> Bool {
    guard enter(waiting) else { return false }
    defer { leave(waiting) }
    while clock.monotonicNow() < waiting.deadline {
      do { try await clock.sleep(for: Self.interval) } catch { return false }
      if isReached() { return true }
    }
    return false
  }

  private func enter(_ waiting: Waiting) -> Bool {
    guard places.take(for: waiting.origin) == .taken else { return false }
    guard bytes.take(waiting.byteCount, for: waiting.origin) == .taken else {
      places.giveBack(for: waiting.origin)
      return false
    }
    return true
  }

  private func leave(_ waiting: Waiting) {
    places.giveBack(for: waiting.origin)
    bytes.giveBack(waiting.byteCount, for: waiting.origin)
  }
}
