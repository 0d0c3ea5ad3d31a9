/// How far one long piece of work is, redrawn in place at most ten times a second.
///
/// Nothing is drawn unless standard error is a terminal, and nothing at all during the first quarter of a second, so
/// that short work leaves no trace.
struct ProgressBar: Sendable {
  private let title: String
  private let total: UInt64?
  private let width: Int
  private let interval: Duration
  private let started: Duration
  private var lastDrawn: Duration?

  init(title: String, total: UInt64?, width: Int = 28, now: Duration) {
    self.title = title
    self.total = total
    self.width = width
    self.interval = .milliseconds(100)
    self.started = now
  }

  /// The text to write now, or nil when it is too early for another one.
  mutating func advance(to done: UInt64, now: Duration) -> String? {
    guard now - started >= .milliseconds(250) else { return nil }
    if let lastDrawn, now - lastDrawn < interval { return nil }
    lastDrawn = now
    return "\r\u{1B}[2K" + line(done: done, elapsed: now - started)
  }

  /// Removes the bar; nil when none was drawn.
  mutating func finish() -> String? {
    guard lastDrawn != nil else { return nil }
    lastDrawn = nil
    return "\r\u{1B}[2K"
  }

  func line(done: UInt64, elapsed: Duration) -> String {
    let seconds = elapsed.seconds
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let speed = ByteCount.text(UInt64(rate)) + "/s"
    guard let total, total > 0 else { return "\(title)  \(ByteCount.text(done))  \(speed)" }
    let fraction = min(1, Double(done) / Double(total))
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let percent = "\(Int(fraction * 100))%"
    return "\(title)  \(bar) \(percent)  \(ByteCount.text(done)) of \(ByteCount.text(total))  \(speed)"
  }
}
