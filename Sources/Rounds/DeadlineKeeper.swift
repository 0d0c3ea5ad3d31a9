public import Identifiers

/// The host's clock for a run: closes its mailbox when one wait, or the whole run, takes too long.
///
/// Runs beside the protocol in a task the host cancels when the protocol is done.
public struct DeadlineKeeper<Clock: LocalClock>: Sendable {
  private static var slicesPerWait: Int { 8 }

  private let clock: Clock
  private let perWait: Duration
  private let whole: Duration

  /// A wait is closed between `perWait` and an eighth more after it began.
  public init(clock: Clock, perWait: Duration, whole: Duration) {
    self.clock = clock
    self.perWait = perWait
    self.whole = whole
  }

  /// Returns once it has closed the mailbox, or when its task is cancelled.
  public func keep(_ mailbox: Mailbox) async {
    let start = clock.monotonicNow()
    var watched: (wait: Int, since: Duration)?
    while (try? await clock.sleep(for: perWait / Self.slicesPerWait)) != nil {
      let now = clock.monotonicNow()
      if now - start >= whole { return mailbox.close() }
      guard let wait = mailbox.currentWait else {
        watched = nil
        continue
      }
      if let watched, watched.wait == wait {
        if now - watched.since >= perWait { return mailbox.close(ifStillWaiting: wait) }
      } else {
        watched = (wait, now)
      }
    }
  }
}
