import Attestation
import Foundation

/// The executable this process runs, which is also what it starts as nodes.
enum ThisProgram {
  static func path() throws(CommandFailure) -> String {
    #if os(Linux)
      if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
        FileManager.default.isExecutableFile(atPath: path)
      {
        return path
      }
    #else
      if let path = Bundle.main.executablePath { return path }
    #endif
    throw CommandFailure(
      .processProblem, "the file of this program is gone, so it cannot be started again",
      advice: "build it and run it again")
  }

  /// What nodes started from this program will be measured as.
  static func measurement() throws(CommandFailure) -> Attestation.Measurement {
    let path = try path()
    do {
      return try Attestation.Measurement.ofFile(at: path)
    } catch {
      throw .file(path, "cannot be read", errno: nil)
    }
  }
}
