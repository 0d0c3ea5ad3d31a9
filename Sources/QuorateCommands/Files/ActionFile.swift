import ActionNames
import Wire

/// What a run is given: code and parameters as they lie on the disk.
enum ActionFile {
  static func code(_ path: String) throws(CommandFailure) -> [UInt8] {
    try bytes(path, limit: WireLimits.code, what: "the code of an action")
  }

  static func parameters(_ path: String) throws(CommandFailure) -> [UInt8] {
    try bytes(path, limit: WireLimits.parameters, what: "the parameters of an action")
  }

  static func id(_ text: String) throws(CommandFailure) -> ActionID {
    do {
      return try ActionID(text: text)
    } catch {
      throw CommandFailure(.badInput, "\(text) is no id of an action", advice: "quorate action id FILE.js")
    }
  }

  private static func bytes(_ path: String, limit: Int, what: String) throws(CommandFailure) -> [UInt8] {
    let bytes = try InputFile(path: path).read(exactly: limit + 1)
    guard bytes.count <= limit else {
      throw CommandFailure(.badInput, "\(path): \(what) has at most \(limit >> 10) KiB")
    }
    return bytes
  }
}
