import Benchmarks
import Foundation

// Usage: bench [protocols] [ecdsa] [evidence] [handshake] [network]
let named = CommandLine.arguments.dropFirst().compactMap(Benchmark.Part.init)
// Built beside this program; see the Makefile.
let quorate = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "quorate")
try await Benchmark.run(
  Set(named.isEmpty ? Benchmark.Part.allCases : named), writingTo: URL(filePath: "bench/results.json"),
  network: quorate.flatMap { FileManager.default.isExecutableFile(atPath: $0.path) ? $0 : nil })
