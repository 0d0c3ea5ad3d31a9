import Foundation

/// The `openssl` of this machine, as a stranger's TLS client.
enum OpenSSLCommand {
  static let path: String? = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Runs it with an input that ends once something is so, and returns all it printed.
  static func run(
    _ arguments: [String], input bytes: [UInt8] = [], until isDone: () async -> Bool
  ) async throws -> String {
    guard let path else { return "" }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: bytes)
    let start = ContinuousClock.now
    while await !isDone(), process.isRunning, ContinuousClock.now - start < .seconds(8) {
      try await Task.sleep(for: .milliseconds(20))
    }
    try? input.fileHandleForWriting.close()
    let printed = await Task.detached { output.fileHandleForReading.readDataToEndOfFile() }.value
    process.waitUntilExit()
    return String(decoding: printed, as: UTF8.self)
  }
}
