import Foundation

/// A file that appears under its name only once it is complete.
///
/// Bytes go to a hidden file in the destination's folder. `commit` makes them durable and gives them their name;
/// without it the hidden file is removed.
final class TemporaryOutput {
  let destination: String
  private let temporary: String
  private var descriptor: Int32

  init(destination: String, mode: UInt16 = 0o644) throws(CommandFailure) {
    let url = URL(fileURLWithPath: destination)
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    self.destination = destination
    temporary = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(suffix)").path
    descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else { throw .file(destination, "cannot be written", errno: errno) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unsafe unlink(temporary)
  }

  func write(_ bytes: ArraySlice<UInt8>) throws(CommandFailure) {
    let outcome = unsafe bytes.withUnsafeBytes { bytes in
      Result { () throws(CommandFailure) in try unsafe write(bytes) }
    }
    try outcome.get()
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(CommandFailure) {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      let written = unsafe Foundation.write(descriptor, rest.baseAddress, rest.count)
      if written > 0 {
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        continue
      }
      let code = errno
      guard written < 0, code == EINTR else { throw .file(destination, "cannot be written", errno: code) }
    }
  }

  func commit(overwriting: Bool) throws(CommandFailure) {
    guard fsync(descriptor) == 0 else { throw .file(destination, "cannot be written", errno: errno) }
    if overwriting {
      guard unsafe rename(temporary, destination) == 0 else {
        throw .file(destination, "cannot be written", errno: errno)
      }
    } else {
      // link refuses to replace, rename does not; there is no moment in which another writer's file could be lost.
      guard unsafe link(temporary, destination) == 0 else {
        let code = errno
        throw code == EEXIST ? .alreadyExists(destination) : .file(destination, "cannot be written", errno: code)
      }
      unsafe unlink(temporary)
    }
    close(descriptor)
    descriptor = -1
  }
}

extension CommandFailure {
  static func alreadyExists(_ path: String) -> CommandFailure {
    CommandFailure(
      .alreadyExists, "\(path) exists already and is left as it is",
      advice: "choose another name, or move that file away")
  }
}
