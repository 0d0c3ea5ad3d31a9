/// The time as this machine sees it: wall time for validity windows, monotonic time for deadlines and retention.
public protocol LocalClock: Sendable {
  var wall: Timestamp { get }

  /// Time since an arbitrary start that does not change while the process lives. Never goes backwards.
  func monotonicNow() -> Duration

  /// - Throws: `CancellationError` when the task is cancelled while it sleeps.
  func sleep(for duration: Duration) async throws
}
