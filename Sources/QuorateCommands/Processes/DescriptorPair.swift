import Foundation
import Synchronization

/// The two ends of a pipe, both close-on-exec; whatever is still open is closed with it.
final class DescriptorPair: Sendable {
  let reading: Int32
  let writing: Int32
  private let open: Mutex<Set<Int32>>

  init() throws(CommandFailure) {
    var ends: [Int32] = [-1, -1]
    let status = unsafe pipe(&ends)
    guard status == 0 else {
      throw CommandFailure(
        .processProblem, "the system gives no more open files", advice: "raise the limit: ulimit -n 4096")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reading = ends[0]
    writing = ends[1]
    open = Mutex(Set(ends))
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() { close(reading) }
  func closeWriting() { close(writing) }

  private func close(_ end: Int32) {
    if open.withLock({ $0.remove(end) }) != nil { Foundation.close(end) }
  }
}
