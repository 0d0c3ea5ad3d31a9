import Foundation

/// The kernel this process runs on.
public struct LinuxKernel: KernelInterface {
  public init() {}

  public func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  public func read(_ path: String, limit: Int) throws(KernelFault) -> [UInt8] {
    let file = try open(path, O_RDONLY)
    defer { close(file) }
    var bytes: [UInt8] = []
    while true {
      var outcome = 0
      // One byte more than there may be, so that a longer file shows.
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: limit + 1 - bytes.count) { buffer, filled in
        outcome = unsafe Foundation.read(file, buffer.baseAddress, buffer.count)
        filled = max(0, outcome)
      }
      let code = errno
      if outcome < 0, code == EINTR { continue }
      guard outcome >= 0 else { throw KernelFault(.read, path, code: code) }
      if piece.isEmpty { return bytes }
      bytes += piece
      guard bytes.count <= limit else { throw KernelFault(.read, path, code: EFBIG) }
    }
  }

  public func write(_ bytes: [UInt8], to path: String) throws(KernelFault) {
    let file = try open(path, O_WRONLY)
    defer { close(file) }
    let outcome = unsafe Foundation.write(file, bytes, bytes.count)
    guard outcome >= 0 else { throw KernelFault(.write, path, code: errno) }
    // An attribute of the kernel is one value: the rest of it would be another.
    guard outcome == bytes.count else { throw KernelFault(.write, path, code: EIO) }
  }

  public func makeFolder(_ path: String) throws(KernelFault) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw KernelFault(.makeFolder, path, code: errno) }
  }

  public func removeFolder(_ path: String) throws(KernelFault) {
    guard unsafe rmdir(path) == 0 else { throw KernelFault(.removeFolder, path, code: errno) }
  }

  public func control(_ path: String, request: UInt, argument: UnsafeMutableRawPointer) throws(KernelFault) {
    let device = try open(path, O_RDWR)
    defer { close(device) }
    guard unsafe ioctl(device, request, argument) == 0 else { throw KernelFault(.control, path, code: errno) }
  }

  private func open(_ path: String, _ mode: Int32) throws(KernelFault) -> Int32 {
    let file = unsafe Foundation.open(path, mode | O_CLOEXEC)
    guard file >= 0 else { throw KernelFault(.open, path, code: errno) }
    return file
  }
}
