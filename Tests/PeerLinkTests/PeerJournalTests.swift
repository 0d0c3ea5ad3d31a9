import Identifiers
import Logging
import MetricsTestKit
import ProtocolTestKit
import Synchronization
import Testing

@testable import PeerLink

@Suite struct `The journal of links` {
  @Test func `T10 strangers that come again and again do not fill the log`() {
    let lines = Lines()
    var logger = Logger(label: "lines") { _ in CountingLog(lines: lines) }
    logger.logLevel = .info
    let clock = ManualClock(wall: Timestamp(secondsSince1970: 0))
    let journal = PeerJournal(logger: logger, metrics: TestMetrics(), clock: clock)
    for _ in 0..<1_000 {
      journal.refused(.notMember, node: nil, address: "192.0.2.1", direction: .incoming)
      journal.refused(.tooManyHandshakes, node: nil, address: "192.0.2.1", direction: .incoming)
    }
    #expect(lines.count == 2)
    clock.advance(by: PeerJournal.strangersInterval)
    journal.refused(.notMember, node: nil, address: "192.0.2.1", direction: .incoming)
    #expect(lines.count == 3)
  }
}

private final class Lines: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func add() { value.withLock { $0 += 1 } }
}

private struct CountingLog: LogHandler {
  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  init(lines: Lines) {
    self.lines = lines
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { lines.add() }
}
