import Foundation

/// Another program on this machine, run to its end with a small bounded output.
enum ExternalTool {
  struct Outcome: Sendable, Equatable {
    var status: Int32
    /// Standard output and standard error together, at most `outputLimit` bytes.
    var output: String
    var succeeded: Bool { status == 0 }
  }

  static let outputLimit = 64 << 10

  /// The first executable of that name on the search path.
  static func find(_ name: String, environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
    if name.contains("/") { return FileManager.default.isExecutableFile(atPath: name) ? name : nil }
    for folder in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
      let path = "\(folder)/\(name)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    return nil
  }

  static func run(
    _ executable: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment,
    timeout: Duration = .seconds(20)
  ) async throws(CommandFailure) -> Outcome {
    let pipe = try DescriptorPair()
    let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard nothing >= 0 else { throw .file("/dev/null", "cannot be read", errno: errno) }
    defer { close(nothing) }
    let child = try ChildProcess.launch(
      executable, arguments, environment: environment,
      streams: .init(input: nothing, output: pipe.writing, error: pipe.writing))
    pipe.closeWriting()
    _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)

    var collected: [UInt8] = []
    let deadline = ContinuousClock.now + timeout
    while true {
      drain(pipe.reading, into: &collected)
      if let status = child.exitStatus() {
        drain(pipe.reading, into: &collected)
        return Outcome(status: status, output: String(decoding: collected, as: UTF8.self))
      }
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        child.send(SIGKILL)
        while child.exitStatus() == nil { usleep(1000) }
        throw CommandFailure(.processProblem, "\(executable) did not finish within \(timeout.text)")
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private static func drain(_ descriptor: Int32, into collected: inout [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      collected += buffer.prefix(min(count, max(0, outputLimit - collected.count)))
    }
  }
}
