import Foundation

/// Small files only their owner may read, replaced as a whole or not at all.
enum PrivateFile {
  static let maximumSize = 4 << 20

  /// Writes beside the destination, then renames, so that a reader sees the old bytes or the new ones.
  static func write(_ bytes: [UInt8], to path: String, overwriting: Bool = true) throws(CommandFailure) {
    let output = try TemporaryOutput(destination: path, mode: 0o600)
    try output.write(bytes[...])
    try output.commit(overwriting: overwriting)
  }

  static func read(_ path: String, maximum: Int = maximumSize) throws(CommandFailure) -> [UInt8] {
    let input = try InputFile(path: path)
    guard input.size <= UInt64(maximum) else {
      throw CommandFailure(
        .badInput, "\(path) is \(ByteCount.text(input.size)); at most \(ByteCount.text(UInt64(maximum))) are read")
    }
    var bytes: [UInt8] = []
    while true {
      let more = try input.read(upTo: 65_536)
      guard !more.isEmpty else { return bytes }
      bytes += more
      guard bytes.count <= maximum else {
        throw CommandFailure(.badInput, "\(path) grew past \(ByteCount.text(UInt64(maximum))) while it was read")
      }
    }
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Makes a folder only its owner may enter. A folder that exists keeps its own mode.
  static func createFolder(_ path: String) throws(CommandFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .file(path, "cannot be created", errno: nil)
    }
  }

  static func requirePrivate(_ path: String) throws(CommandFailure) {
    guard let others = permissionsOfOthers(path), others != 0 else { return }
    throw CommandFailure(.fileProblem, "\(path) holds a key and other users may read it", advice: "chmod 600 \(path)")
  }

  /// Other users' permission bits on a path; zero when only the owner may do anything.
  static func permissionsOfOthers(_ path: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.posixPermissions] as? Int).map { $0 & 0o077 }
  }
}

extension CommandFailure {
  /// `errno` nil means that the reason is not known.
  static func file(_ path: String, _ problem: String, errno code: Int32?) -> CommandFailure {
    var message = "\(path) \(problem)"
    var advice: String?
    switch code {
    case ENOENT:
      message += ": no such file or folder"
      advice = "check the path"
    case EACCES, EPERM:
      message += ": permission denied"
      advice = "check who owns it (ls -l), or choose a place you may write to"
    case ENOSPC, EDQUOT:
      message += ": the disk is full"
      advice = "free some space and run the command again"
    case EISDIR: message += ": it is a folder"
    case EROFS: message += ": the file system is read-only"
    case .some(let code): message += " (system error \(code))"
    case nil: break
    }
    return CommandFailure(code == ENOENT ? .notFound : .fileProblem, message, advice: advice)
  }
}
