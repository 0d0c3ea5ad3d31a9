internal import CoreMetrics
internal import Synchronization

/// One time series: a number, or a histogram over fixed bounds.
final class Series: CounterHandler, MeterHandler, RecorderHandler, TimerHandler, Sendable {
  enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  /// Upper bounds; seconds for timers.
  static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private struct State {
    var value = 0.0
    var count = 0
    var buckets = [Int](repeating: 0, count: Series.bounds.count)
  }

  let kind: Kind
  private let state = Mutex(State())

  init(_ kind: Kind) {
    self.kind = kind
  }

  func increment(by amount: Int64) { add(Double(amount)) }
  func increment(by amount: Double) { add(amount) }
  func decrement(by amount: Double) { add(-amount) }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { state.withLock { $0.value = value } }
  func reset() { state.withLock { $0 = State() } }
  func record(_ value: Int64) { record(Double(value)) }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func record(_ value: Double) {
    state.withLock { state in
      guard kind == .histogram else {
        state.value = value
        return
      }
      state.value += value
      state.count += 1
      for (place, bound) in Self.bounds.enumerated() where value <= bound { state.buckets[place] += 1 }
    }
  }

  private func add(_ amount: Double) {
    state.withLock { $0.value += amount }
  }

  func render(_ key: SeriesKey) -> String {
    let state = state.withLock { $0 }
    guard kind == .histogram else { return "\(key.text()) \(Self.text(state.value))\n" }
    var text = ""
    for (bound, count) in zip(Self.bounds, state.buckets) {
      text += "\(key.text(suffix: "_bucket", adding: "le=\"\(Self.text(bound))\"")) \(count)\n"
    }
    text += "\(key.text(suffix: "_bucket", adding: "le=\"+Inf\"")) \(state.count)\n"
    text += "\(key.text(suffix: "_sum")) \(Self.text(state.value))\n"
    text += "\(key.text(suffix: "_count")) \(state.count)\n"
    return text
  }

  private static func text(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? String(value)
  }
}

/// A counter for fractions; shares its series with the whole-number one.
final class FloatingPointSeries: FloatingPointCounterHandler, Sendable {
  private let series: Series

  init(_ series: Series) {
    self.series = series
  }

  func increment(by amount: Double) { series.increment(by: amount) }
  func reset() { series.reset() }
}
