#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A registry in one file. Writers take turns by a lock on `<path>.lock`, because the file itself is replaced.
public struct RegistryFile: RegistryStorage {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  public func stamp() throws(RegistryStorageError) -> RegistryStamp {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .now(.inspect) }
    return RegistryStamp(status)
  }

  public func read() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp) {
    let file = try OpenFile(path, flags: O_RDONLY)
    let stamp = try file.stamp()
    return (try file.readAll(limit: RegistryLimits.file), stamp)
  }

  public func replace(with bytes: [UInt8]) throws(RegistryStorageError) {
    guard bytes.count <= RegistryLimits.file else { throw RegistryStorageError(.tooLarge, errorNumber: EFBIG) }
    // Only the holder of the lock writes, so one name for the unfinished file is enough, and a crash leaves one file.
    let unfinished = path + ".new"
    let file = try OpenFile(unfinished, flags: O_WRONLY | O_CREAT | O_TRUNC)
    try file.write(bytes)
    try file.synchronize()
    guard unsafe rename(unfinished, path) == 0 else { throw .now(.rename) }
    // The rename is durable only when the directory is.
    try OpenFile(directory, flags: O_RDONLY).synchronize()
  }

  public func lock() throws(RegistryStorageError) -> (any RegistryLock)? {
    let file = try OpenFile(path + ".lock", flags: O_RDWR | O_CREAT)
    return try file.tryLock() ? file : nil
  }

  private var directory: String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// An open descriptor; closing it also gives up its lock.
private final class OpenFile: RegistryLock {
  private let descriptor: Int32

  init(_ path: String, flags: Int32) throws(RegistryStorageError) {
    let opened = unsafe open(path, flags | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw .now(.open) }
    descriptor = opened
  }

  deinit {
    _ = close(descriptor)
  }

  func stamp() throws(RegistryStorageError) -> RegistryStamp {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .now(.inspect) }
    return RegistryStamp(status)
  }

  func readAll(limit: Int) throws(RegistryStorageError) -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Self.read(descriptor, into: $0) }
      guard count >= 0 else { throw .now(.read) }
      guard count > 0 else { return content }
      content += chunk.prefix(count)
      guard content.count <= limit else { throw RegistryStorageError(.tooLarge, errorNumber: EFBIG) }
    }
  }

  func write(_ bytes: [UInt8]) throws(RegistryStorageError) {
    var written = 0
    while written < bytes.count {
      let rest = bytes[written...]
      let count = unsafe rest.withUnsafeBytes { unsafe Self.write(descriptor, from: $0) }
      guard count > 0 else { throw .now(.write) }
      written += count
    }
  }

  func synchronize() throws(RegistryStorageError) {
    guard fsync(descriptor) == 0 else { throw .now(.synchronize) }
  }

  func tryLock() throws(RegistryStorageError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw .now(.lock) }
    return false
  }

  private static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 || errno != EINTR { return count }
    }
  }

  private static func write(_ descriptor: Int32, from buffer: UnsafeRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let count = unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 || errno != EINTR { return count }
    }
  }
}

extension RegistryStamp {
  fileprivate init(_ status: stat) {
    #if canImport(Glibc)
      let modified = status.st_mtim
    #else
      let modified = status.st_mtimespec
    #endif
    self.init(
      modifiedSeconds: Int64(modified.tv_sec), modifiedNanoseconds: Int64(modified.tv_nsec),
      size: Int64(status.st_size), inode: UInt64(status.st_ino))
  }
}

extension RegistryStorageError {
  fileprivate static func now(_ step: Step) -> RegistryStorageError {
    RegistryStorageError(step, errorNumber: errno)
  }
}
