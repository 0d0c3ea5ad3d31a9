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
  private struct Part {
    var count = 0
    var byteCount = 0
  }

  private var all = Part()
  private var parts: [RequestOrigin?: Part] = [:]

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
    let part = parts[waiting.origin] ?? Part()
    guard all.count < Self.waitingLimit, part.count < Self.waitingPerOrigin,
      waiting.byteCount <= Self.byteLimit - all.byteCount,
      waiting.byteCount <= Self.bytesPerOrigin - part.byteCount
    else { return false }
    add(waiting, 1)
    return true
  }

  private func leave(_ waiting: Waiting) { add(waiting, -1) }

  private func add(_ waiting: Waiting, _ sign: Int) {
    all.count += sign
    all.byteCount += sign * waiting.byteCount
    var part = parts[waiting.origin] ?? Part()
    part.count += sign
    part.byteCount += sign * waiting.byteCount
    parts[waiting.origin] = part.count > 0 ? part : nil
  }
}
