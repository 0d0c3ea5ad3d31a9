import Foundation
internal import Identifiers
internal import Secrets
import Synchronization

/// Frames to and from one worker: u32 big-endian length, then that many bytes.
///
/// Nothing is read before somebody asks for a frame, so a worker that sends more than is taken waits in its own
/// `write`. Everything it sends is an attacker's; the length is judged before anything is kept.
final class WorkerChannel: Sendable {
  private let socket: Descriptor
  private let reading = DescriptorWatch.Wait()
  private let taking = DescriptorWatch.Wait()
  private let frameLimit: Int
  private let received = Mutex(FrameBuffer())
  private let isClosed = Atomic(false)
  private let writing = Turnstile()

  init(_ socket: Descriptor, frameLimit: Int) {
    socket.makeNonblocking()
    self.socket = socket
    self.frameLimit = frameLimit
  }

  /// Wakes whoever waits; nothing more is received or sent.
  func close() {
    isClosed.store(true, ordering: .releasing)
    reading.giveUp()
    taking.giveUp()
  }

  /// The next frame. One receiver at a time.
  func receive() async throws(ChannelEnd) -> [UInt8] {
    while true {
      if let frame = try received.withLock({ buffer throws(ChannelEnd) in try buffer.next(limit: frameLimit) }) {
        return frame
      }
      guard !isClosed.load(ordering: .acquiring) else { throw .closed }
      switch try readOnce() {
      case .some: continue
      case .none: await reading(for: socket, .reading)
      }
    }
  }

  /// - Returns: nil when there is nothing to read now.
  private func readOnce() throws(ChannelEnd) -> Int? {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(socket.number, $0.baseAddress, $0.count, 0) }
    if count > 0 {
      received.withLock { $0.append(chunk[0..<count]) }
      return count
    }
    guard count < 0 else { throw .ended }
    guard errno == EAGAIN || errno == EINTR else { throw .ended }
    return nil
  }

  func send(_ frame: [UInt8]) async throws(ChannelEnd) {
    try await send(SecretBytes(copying: frame))
  }

  /// Frames of several senders never mix; a sender waits until the worker took its frame.
  func send(_ frame: borrowing SecretBytes) async throws(ChannelEnd) {
    try await send([], then: frame)
  }

  /// Several frames in one piece, which wakes the worker once.
  func send(_ frames: [[UInt8]], then last: borrowing SecretBytes) async throws(ChannelEnd) {
    let sizes = frames.map(\.count) + [last.count]
    var whole = SecretBytes(zeroed: sizes.reduce(0) { $0 + 4 + $1 })
    var offset = 0
    for (place, size) in sizes.enumerated() {
      whole.replaceBytes(at: offset, with: UInt32(truncatingIfNeeded: size).bigEndianBytes)
      if place < frames.count {
        whole.replaceBytes(at: offset + 4, with: frames[place])
      } else {
        whole.replaceBytes(at: offset + 4, with: last)
      }
      offset += 4 + size
    }
    await writing.enter()
    defer { writing.leave() }
    try await write(whole)
  }

  /// Frames that are no secret, in one piece.
  func send(open frames: [[UInt8]]) async throws(ChannelEnd) {
    let whole = frames.flatMap { UInt32(truncatingIfNeeded: $0.count).bigEndianBytes + $0 }
    await writing.enter()
    defer { writing.leave() }
    var sent = 0
    while sent < whole.count {
      sent += try await progress(unsafe whole.withUnsafeBytes { unsafe offer($0, from: sent) })
    }
  }

  private func write(_ bytes: borrowing SecretBytes) async throws(ChannelEnd) {
    var sent = 0
    while sent < bytes.count {
      sent += try await progress(unsafe bytes.withUnsafeBytes { unsafe offer($0, from: sent) })
    }
  }

  /// What one call of the system came to.
  private struct Offered {
    var count: Int
    var problem: Int32
  }

  private func offer(_ all: UnsafeRawBufferPointer, from sent: Int) -> Offered {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: all[sent...])
    let count = unsafe Foundation.send(socket.number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
    return Offered(count: count, problem: errno)
  }

  /// - Returns: how many bytes were taken; waits where it were none.
  private func progress(_ offered: Offered) async throws(ChannelEnd) -> Int {
    guard !isClosed.load(ordering: .acquiring) else { throw .closed }
    if offered.count > 0 { return offered.count }
    guard offered.problem == EAGAIN || offered.problem == EINTR else { throw .ended }
    if offered.problem == EAGAIN { await taking(for: socket, .writing) }
    return 0
  }
}

/// Why there is no next frame.
enum ChannelEnd: Error, Sendable, Hashable {
  /// The worker's end is gone.
  case ended
  /// Closed by this end.
  case closed
  /// The worker announced a longer frame than any it may send.
  case frameTooLong
}
