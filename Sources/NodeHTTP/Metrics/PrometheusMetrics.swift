public import CoreMetrics
internal import Synchronization

/// A swift-metrics backend that renders the Prometheus text format, version 0.0.4.
///
/// Names and dimensions come from our own code and are few; still, no more than `seriesLimit` series are ever made. What
/// is beyond goes into one series that says so.
public final class PrometheusMetrics: MetricsFactory, Sendable {
  private static let seriesLimit = 2_000

  private struct State {
    var series: [SeriesKey: Series] = [:]
    /// By what callers ask for; making a name of it that Prometheus allows takes longer than to find it.
    var byQuestion: [[String]: Series] = [:]
  }

  private let state = Mutex(State())
  private let overflow = Series(.counter)

  public init() {}

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    find(label, dimensions, .counter)
  }

  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    FloatingPointSeries(find(label, dimensions, .counter))
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    find(label, dimensions, .gauge)
  }

  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    find(label, dimensions, aggregate ? .histogram : .gauge)
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    find(label, dimensions, .histogram)
  }

  // Series stay once they are there: a counter that starts again at zero would look like a restart.
  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}

  /// All series, grouped by name.
  public func render() -> String {
    let all = state.withLock { $0.series }
    var text = ""
    var lastName = ""
    for (key, series) in all.sorted(by: { $0.key < $1.key }) {
      if key.name != lastName { text += "# TYPE \(key.name) \(series.kind.rawValue)\n" }
      lastName = key.name
      text += series.render(key)
    }
    let dropped = overflow.render(SeriesKey(label: "metric_series_overflow_total", dimensions: []))
    return text + "# TYPE metric_series_overflow_total counter\n" + dropped
  }

  private func find(_ label: String, _ dimensions: [(String, String)], _ kind: Series.Kind) -> Series {
    let question = dimensions.reduce(into: [label]) { $0 += [$1.0, $1.1] }
    return state.withLock { state in
      if let known = state.byQuestion[question] { return known }
      let key = SeriesKey(label: label, dimensions: dimensions)
      guard state.series[key] != nil || state.series.count < Self.seriesLimit else { return overflow }
      let found = state.series[key] ?? Series(kind)
      state.series[key] = found
      if state.byQuestion.count < Self.seriesLimit { state.byQuestion[question] = found }
      return found
    }
  }
}

/// A name and its dimensions in the characters Prometheus allows.
struct SeriesKey: Sendable, Hashable, Comparable {
  let name: String
  let dimensions: [String]

  init(label: String, dimensions: [(String, String)]) {
    name = Self.name(label)
    self.dimensions = dimensions.map { "\(Self.name($0.0))=\"\(Self.escaped($0.1))\"" }.sorted()
  }

  func text(suffix: String = "", adding extra: String? = nil) -> String {
    let all = dimensions + (extra.map { [$0] } ?? [])
    return name + suffix + (all.isEmpty ? "" : "{\(all.joined(separator: ","))}")
  }

  static func < (left: SeriesKey, right: SeriesKey) -> Bool {
    (left.name, left.dimensions.joined()) < (right.name, right.dimensions.joined())
  }

  private static func name(_ label: String) -> String {
    let allowed = label.unicodeScalars.map { scalar -> Character in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "_"
    }
    return (allowed.first?.isNumber ?? true ? "_" : "") + String(allowed)
  }

  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      switch character {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
  }
}
