import Benchmarks
import Foundation

// Usage: bench [protocols] [ecdsa] [evidence] [handshake] [actions] [network] [soak]
let named = CommandLine.arguments.dropFirst().compactMap(Benchmark.Part.init)
// Built beside this program; see the Makefile.
let quorate = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "quorate")
try await Benchmark.run(
  named.isEmpty ? Benchmark.Part.usual : Set(named), writingTo: URL(filePath: "bench/results.json"),
  network: quorate.flatMap { FileManager.default.isExecutableFile(atPath: $0.path) ? $0 : nil })
