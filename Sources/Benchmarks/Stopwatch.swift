#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Medians over repeated runs of a closure: wall time, and this thread's CPU time.
struct Stopwatch {
  var wallMilliseconds: Double
  var cpuMilliseconds: Double

  /// Runs `body` until 15 samples are taken or `budget` is spent, after one run that is not counted.
  static func measure(budget: Duration = .seconds(1), _ body: () throws -> Void) rethrows -> Stopwatch {
    try body()
    var samples: [(wall: Double, cpu: Double)] = []
    let start = ContinuousClock.now
    while samples.count < 15 && (samples.count < 3 || ContinuousClock.now - start < budget) {
      // Short bodies are repeated inside one sample, so that the clock's resolution does not show.
      var repetitions = 0
      let (wallStart, cpuStart) = (ContinuousClock.now, threadCPUSeconds())
      repeat {
        try body()
        repetitions += 1
      } while ContinuousClock.now - wallStart < .milliseconds(5)
      let wall = (ContinuousClock.now - wallStart).milliseconds
      let cpu = (threadCPUSeconds() - cpuStart) * 1000
      samples.append((wall / Double(repetitions), cpu / Double(repetitions)))
    }
    return Stopwatch(wallMilliseconds: median(samples.map(\.wall)), cpuMilliseconds: median(samples.map(\.cpu)))
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  private static func threadCPUSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
  }
}
