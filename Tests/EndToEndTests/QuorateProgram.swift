import Foundation

/// The built command line program, run as a user runs it.
struct QuorateProgram {
  struct Outcome {
    let status: Int32
    /// The last line of standard output, which carries a command's result.
    let result: [String: Any]
    let output: String

    func text(_ name: String) throws -> String {
      guard let value = result[name] as? String else { throw ProgramFailure.unexpected(output) }
      return value
    }
  }

  let home: URL
  let folder: URL

  /// Products lie beside the test bundle.
  static var executable: URL { Bundle.main.bundleURL.appendingPathComponent("quorate") }

  /// Runs a command to its end, within a time that no working machine needs.
  func run(_ arguments: String..., expecting status: Int32 = 0) async throws -> Outcome {
    try await run(arguments, expecting: status)
  }

  func run(_ arguments: [String], expecting status: Int32 = 0) async throws -> Outcome {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments + ["--json", "--home", home.path]
    process.currentDirectoryURL = folder
    let log = folder.appendingPathComponent("output-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let handle = try FileHandle(forWritingTo: log)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let deadline = ContinuousClock.now + .seconds(150)
    while process.isRunning {
      guard ContinuousClock.now < deadline else {
        process.terminate()
        throw ProgramFailure.timedOut(arguments)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    try handle.close()
    let output = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    guard process.terminationStatus == status else {
      throw ProgramFailure.status(process.terminationStatus, arguments, output)
    }
    let lastLine = output.split(separator: "\n").last.map(String.init) ?? "{}"
    let result = try JSONSerialization.jsonObject(with: Data(lastLine.utf8)) as? [String: Any]
    return Outcome(status: process.terminationStatus, result: result ?? [:], output: output)
  }
}

enum ProgramFailure: Error {
  case status(Int32, [String], String)
  case timedOut([String])
  case unexpected(String)
}
