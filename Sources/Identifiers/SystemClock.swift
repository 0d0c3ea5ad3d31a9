#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The clocks of the operating system.
public struct SystemClock: LocalClock {
  private static let start = ContinuousClock.now

  public init() {}

  public var wall: Timestamp {
    var reading = timespec()
    // An unreadable clock reads as 1970, at which no request is valid.
    guard unsafe clock_gettime(CLOCK_REALTIME, &reading) == 0 else { return Timestamp(secondsSince1970: 0) }
    return Timestamp(secondsSince1970: Int64(reading.tv_sec))
  }

  public func monotonicNow() -> Duration {
    Self.start.duration(to: .now)
  }

  public func sleep(for duration: Duration) async throws {
    try await Task.sleep(for: duration, clock: .continuous)
  }
}
