import CoreMetrics
import NodeHTTP
import Testing

@Suite struct `The metrics page` {
  @Test func `shows counters, gauges and histograms in the text format`() {
    let metrics = PrometheusMetrics()
    let counter = Counter(label: "quorate.requests", dimensions: [("outcome", "ok")], factory: metrics)
    counter.increment(by: 2)
    counter.increment()
    Meter(label: "quorate_links", factory: metrics).set(4)
    let timer = Timer(label: "quorate_session_seconds", dimensions: [], factory: metrics)
    timer.recordNanoseconds(3_000_000 as Int64)
    let page = metrics.render().split(separator: "\n").map(String.init)
    #expect(page.contains("# TYPE quorate_requests counter"))
    #expect(page.contains(#"quorate_requests{outcome="ok"} 3"#))
    #expect(page.contains("# TYPE quorate_links gauge"))
    #expect(page.contains("quorate_links 4"))
    #expect(page.contains(#"quorate_session_seconds_bucket{le="0.0025"} 0"#))
    #expect(page.contains(#"quorate_session_seconds_bucket{le="0.005"} 1"#))
    #expect(page.contains(#"quorate_session_seconds_bucket{le="+Inf"} 1"#))
    #expect(page.contains("quorate_session_seconds_sum 0.003"))
    #expect(page.contains("quorate_session_seconds_count 1"))
  }

  @Test func `a name given again is the same series, whatever the order of its dimensions`() {
    let metrics = PrometheusMetrics()
    Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
    Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
    #expect(metrics.render().contains(#"c{a="1",b="2"} 2"#))
  }

  @Test func `O9 values cannot break out of their quotes`() {
    let metrics = PrometheusMetrics()
    Counter(label: "c", dimensions: [("a", "x\"} 1\nevil 1\\")], factory: metrics).increment()
    #expect(metrics.render().contains(#"c{a="x\"} 1\nevil 1\\"} 1"#))
  }

  @Test func `the number of series is bounded`() {
    let metrics = PrometheusMetrics()
    for number in 0..<2_100 { Counter(label: "c", dimensions: [("n", "\(number)")], factory: metrics).increment() }
    let lines = metrics.render().split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("c{") } == 2_000)
    #expect(lines.contains("metric_series_overflow_total 100"))
  }
}
