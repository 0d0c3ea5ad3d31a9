import Foundation

/// Enough about a running process to recognise it later: a process id alone may have been given to somebody else since.
struct ProcessMark: Sendable, Equatable {
  var pid: Int32
  /// What the system says about when it started; compared, never read.
  var started: String

  init(pid: Int32, started: String) {
    self.pid = pid
    self.started = started
  }

  /// nil when there is no such process.
  init?(observing pid: Int32) {
    guard pid > 1, let started = Self.startMark(of: pid) else { return nil }
    self.init(pid: pid, started: started)
  }

  /// The recorded process, if it still runs.
  init?(readFrom path: String) {
    guard let bytes = try? PrivateFile.read(path, maximum: 256) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let pid = Int32(words[0]) else { return nil }
    self.init(pid: pid, started: String(words[1]))
    guard isAlive else { return nil }
  }

  func write(to path: String) throws(CommandFailure) {
    try PrivateFile.write(Array("\(pid) \(started)\n".utf8), to: path)
  }

  var isAlive: Bool { ProcessMark(observing: pid) == self }

  /// Sends the signal if the process is still the one recorded.
  @discardableResult
  func send(_ signal: Int32) -> Bool {
    guard isAlive else { return false }
    return kill(pid, signal) == 0
  }

  #if os(Linux)
    private static func startMark(of pid: Int32) -> String? {
      guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let afterName = text.lastIndex(of: ")")
      else { return nil }
      // Fields after the name start with the state (3); the start time is field 22.
      let fields = text[text.index(after: afterName)...].split(separator: " ")
      guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
      return String(fields[19])
    }
  #else
    private static func startMark(of pid: Int32) -> String? {
      var information = proc_bsdinfo()
      let size = Int32(MemoryLayout<proc_bsdinfo>.size)
      guard unsafe proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &information, size) == size else { return nil }
      return "\(information.pbi_start_tvsec).\(information.pbi_start_tvusec)"
    }
  #endif
}
