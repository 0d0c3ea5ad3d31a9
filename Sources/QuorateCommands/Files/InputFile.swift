import Foundation

/// A file read from its beginning in bounded pieces. `-` is standard input, whose size is not known.
final class InputFile {
  let path: String
  let size: UInt64
  let sizeIsKnown: Bool
  private let descriptor: Int32
  private let closes: Bool

  init(path: String) throws(CommandFailure) {
    self.path = path
    if path == "-" {
      descriptor = STDIN_FILENO
      closes = false
      size = 0
      sizeIsKnown = false
      return
    }
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .file(path, "cannot be read", errno: errno) }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      close(opened)
      throw .file(path, "cannot be read", errno: errno)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(opened)
      throw .file(path, "cannot be read", errno: EISDIR)
    }
    descriptor = opened
    closes = true
    sizeIsKnown = status.st_mode & S_IFMT == S_IFREG
    size = sizeIsKnown ? UInt64(clamping: status.st_size) : 0
  }

  deinit {
    if closes { close(descriptor) }
  }

  /// At most `count` bytes; empty at the end of the file. A short answer does not mean the end.
  func read(upTo count: Int) throws(CommandFailure) -> [UInt8] {
    while true {
      var outcome = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        outcome = unsafe Foundation.read(descriptor, buffer.baseAddress, buffer.count)
        filled = max(0, outcome)
      }
      if outcome >= 0 { return bytes }
      let code = errno
      guard code == EINTR else { throw .file(path, "cannot be read", errno: code) }
    }
  }

  /// How many bytes were read; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CommandFailure) -> Int {
    while true {
      let count = unsafe Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      let code = errno
      guard code == EINTR else { throw .file(path, "cannot be read", errno: code) }
    }
  }

  /// Exactly `count` bytes unless the file ends first.
  func read(exactly count: Int) throws(CommandFailure) -> [UInt8] {
    var bytes = try read(upTo: count)
    while bytes.count < count {
      let more = try read(upTo: count - bytes.count)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }
}
