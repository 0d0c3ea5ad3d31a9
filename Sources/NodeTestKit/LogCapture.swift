public import Logging
internal import Synchronization

/// Keeps every line that is logged through its loggers, metadata included.
public final class LogCapture: Sendable {
  private let kept = Mutex<[String]>([])

  public init() {}

  public var lines: [String] { kept.withLock { $0 } }

  public func logger(label: String) -> Logger {
    Logger(label: label) { _ in Handler(capture: self) }
  }

  private func add(_ line: String) {
    kept.withLock { $0.append(line) }
  }

  private struct Handler: LogHandler {
    let capture: LogCapture
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
      capture.add("\(event.level) \(event.message) \(all)")
    }
  }
}
