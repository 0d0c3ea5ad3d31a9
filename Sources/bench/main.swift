import Benchmarks
import Foundation

try Benchmark.run(writingTo: URL(filePath: "bench/results.json"))
