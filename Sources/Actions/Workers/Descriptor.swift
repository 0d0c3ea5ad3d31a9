import CProcess
import Foundation

/// A descriptor of this process, closed when the last reference goes. Always close-on-exec.
final class Descriptor: Sendable {
  let number: Int32

  init(owning number: Int32) {
    self.number = number
  }

  deinit {
    close(number)
  }

  /// A descriptor above those a child uses, so that giving it to the child overwrites no other.
  convenience init(raising low: Int32) throws(WorkerStartFailure) {
    let number = process_duplicate(low, Self.lowest)
    let problem = errno
    close(low)
    guard number >= 0 else { throw .system("descriptor", problem) }
    self.init(owning: number)
  }

  private static let lowest: Int32 = 64

  static func socketPair() throws(WorkerStartFailure) -> (ours: Descriptor, theirs: Descriptor) {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw .system("socketpair", errno) }
    return (try Descriptor(raising: pair[0]), try Descriptor(raising: pair[1]))
  }

  static func pipe() throws(WorkerStartFailure) -> (read: Descriptor, write: Descriptor) {
    var pair: [Int32] = [-1, -1]
    guard unsafe process_pipe(&pair) == 0 else { throw .system("pipe", errno) }
    return (try Descriptor(raising: pair[0]), try Descriptor(raising: pair[1]))
  }

  /// Bytes for a child to read: in memory, without a name, read from their start.
  static func file(_ bytes: [UInt8]) throws(WorkerStartFailure) -> Descriptor {
    let low = process_anonymous_file()
    guard low >= 0 else { throw .system("memfd_create", errno) }
    let file = try Descriptor(raising: low)
    var offset = 0
    while offset < bytes.count {
      let rest = bytes[offset...]
      let written = unsafe rest.withUnsafeBytes { unsafe write(file.number, $0.baseAddress, $0.count) }
      guard written > 0 else { throw .system("write", errno) }
      offset += written
    }
    guard lseek(file.number, 0, SEEK_SET) == 0 else { throw .system("lseek", errno) }
    return file
  }

  func makeNonblocking() {
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
  }

  /// Of a socket. An end that is gone is no signal to this process.
  func sendByte() {
    let byte: [UInt8] = [1]
    _ = unsafe byte.withUnsafeBytes { unsafe send(number, $0.baseAddress, 1, Int32(MSG_NOSIGNAL)) }
  }

  /// Waits some seconds for the bytes up to the end or the first closing brace.
  func readObject(limit: Int) -> [UInt8] {
    var object: [UInt8] = []
    while object.count < limit, object.last != UInt8(ascii: "}") {
      var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&request, 1, 10_000) > 0 else { break }
      let part = readAvailable(limit: limit - object.count)
      if part.isEmpty { break }
      // What follows the brace is white space.
      object += part.reversed().drop { $0 == 0x0a || $0 == 0x20 }.reversed()
    }
    return object
  }

  /// What can be read at once, at most `limit` bytes.
  func readAvailable(limit: Int) -> [UInt8] {
    makeNonblocking()
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, $0.count) }
    return Array(bytes.prefix(max(count, 0)))
  }
}

/// Why a worker could not be started. A matter of this machine, never of an action.
public enum WorkerStartFailure: Error, Sendable, Hashable {
  /// A system call, and `errno`.
  case system(String, Int32)
  /// The sandbox or the worker ended before the worker was ready; the start of what it printed.
  case ended(status: Int32, output: String)
  /// It did not become ready in time.
  case slow
  /// Starting failed so often that for now no more is tried.
  case suspended
  /// As many runs as this node takes are under way.
  case busy
  /// Nobody runs the pool.
  case poolNotRunning
}
