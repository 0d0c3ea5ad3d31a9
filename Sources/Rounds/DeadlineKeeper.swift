public import Identifiers

/// The host's clock for a run: ends it when one wait, or the whole run, takes too long.
///
/// Runs beside the protocol in a task the host cancels when the protocol is done.
public struct DeadlineKeeper<Clock: LocalClock>: Sendable {
  private static var slicesPerWait: Int { 8 }

  private let clock: Clock
  private let perWait: Duration
  private let whole: Duration
  private let grace: Duration

  /// - Parameters:
  ///   - perWait: a single wait ends between this and an eighth more after it began.
  ///   - whole: the run ends at the latest this long after ``keep(_:)`` was called.
  ///   - grace: added to either, for the notices of others to arrive before anybody is called missing.
  public init(clock: Clock, perWait: Duration, whole: Duration, grace: Duration) {
    self.clock = clock
    self.perWait = perWait
    self.whole = whole
    self.grace = grace
  }

  /// Returns once it has closed the mailbox, or when its task is cancelled.
  public func keep(_ mailbox: Mailbox) async {
    guard await expire(mailbox) else { return }
    guard (try? await clock.sleep(for: grace)) != nil else { return }
    mailbox.close()
  }

  /// - Returns: false when cancelled before any deadline had come.
  private func expire(_ mailbox: Mailbox) async -> Bool {
    let start = clock.monotonicNow()
    var watched: (wait: Int, since: Duration)?
    while (try? await clock.sleep(for: perWait / Self.slicesPerWait)) != nil {
      let now = clock.monotonicNow()
      if now - start >= whole {
        mailbox.expire()
        return true
      }
      guard let wait = mailbox.currentWait else {
        watched = nil
        continue
      }
      if let watched, watched.wait == wait {
        if now - watched.since >= perWait, mailbox.expire(ifStillWaiting: wait) { return true }
      } else {
        watched = (wait, now)
      }
    }
    return false
  }
}
