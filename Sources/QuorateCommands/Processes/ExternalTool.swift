import Foundation

/// Another program on this machine, run to its end with a small bounded output.
enum ExternalTool {
  struct Outcome: Sendable, Equatable {
    var status: Int32
    /// Standard output, and standard error where it is not shown, at most `outputLimit` bytes.
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

  /// - Parameters:
  ///   - input: what it reads.
  ///   - showsErrors: whether its standard error is this program's own.
  static func run(
    _ executable: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment,
    input: [UInt8] = [], showsErrors: Bool = false, timeout: Duration = .seconds(20)
  ) async throws(CommandFailure) -> Outcome {
    let pipe = try DescriptorPair()
    let source = try DescriptorPair()
    let child = try ChildProcess.launch(
      executable, arguments, environment: environment,
      streams: .init(input: source.reading, output: pipe.writing, error: showsErrors ? STDERR_FILENO : pipe.writing))
    pipe.closeWriting()
    // Our own reading end stays open: a program that reads nothing shall not end this one by a signal.
    _ = fcntl(source.writing, F_SETFL, O_NONBLOCK)
    var input = input[...]
    _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)

    var collected: [UInt8] = []
    let deadline = ContinuousClock.now + timeout
    while true {
      feed(source, &input)
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

  /// As much as the pipe takes.
  private static func feed(_ pipe: DescriptorPair, _ input: inout ArraySlice<UInt8>) {
    while !input.isEmpty {
      let count = unsafe input.withUnsafeBytes { unsafe write(pipe.writing, $0.baseAddress, $0.count) }
      if count < 0, errno == EAGAIN || errno == EINTR { return }
      guard count > 0 else {
        input = []
        break
      }
      input = input.dropFirst(count)
    }
    pipe.closeWriting()
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
