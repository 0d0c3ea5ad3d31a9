// Members of C's time belong to this module in a build of the module as a whole.
internal import CoreFoundation
internal import Foundation

/// Medians over repeated runs of a closure: wall time, and CPU time.
struct Stopwatch {
  var wallMilliseconds: Double
  var cpuMilliseconds: Double

  /// Runs `body` until all samples are taken or `budget` is spent, after one run that is not counted. Counts the CPU
  /// time of this thread.
  static func measure(
    budget: Duration = .seconds(1), samples count: Int = 15, _ body: () throws -> Void
  ) rethrows -> Stopwatch {
    try body()
    var samples: [(wall: Double, cpu: Double)] = []
    let start = ContinuousClock.now
    while samples.count < count && (samples.count < 3 || ContinuousClock.now - start < budget) {
      // Short bodies are repeated inside one sample, so that the clock's resolution does not show.
      var repetitions = 0
      let (wallStart, cpuStart) = (ContinuousClock.now, cpuSeconds(CLOCK_THREAD_CPUTIME_ID))
      repeat {
        try body()
        repetitions += 1
      } while ContinuousClock.now - wallStart < .milliseconds(5)
      let wall = (ContinuousClock.now - wallStart).milliseconds
      let cpu = (cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - cpuStart) * 1000
      samples.append((wall / Double(repetitions), cpu / Double(repetitions)))
    }
    return Stopwatch(wallMilliseconds: samples.map(\.wall).median, cpuMilliseconds: samples.map(\.cpu).median)
  }

  /// One run of work on several threads: counts the CPU time of the whole process.
  static func sample(_ work: () async throws -> Void) async rethrows -> Stopwatch {
    let (wallStart, cpuStart) = (ContinuousClock.now, processCPUMilliseconds)
    try await work()
    return Stopwatch(
      wallMilliseconds: (ContinuousClock.now - wallStart).milliseconds,
      cpuMilliseconds: processCPUMilliseconds - cpuStart)
  }

  static func median(of samples: [Stopwatch]) -> Stopwatch {
    Stopwatch(
      wallMilliseconds: samples.map(\.wallMilliseconds).median,
      cpuMilliseconds: samples.map(\.cpuMilliseconds).median)
  }

  static var processCPUMilliseconds: Double { cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) * 1000 }

  private static func cpuSeconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension [Double] {
  var median: Double { quantile(0.5) }

  func quantile(_ part: Double) -> Double {
    let sorted = sorted()
    guard let last = sorted.indices.last else { return 0 }
    return sorted[Swift.min(last, Int(Double(sorted.count) * part))]
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
  }
}
