import NIOCore
import Synchronization
import Wire

/// Sends frames on one connection and keeps count of what the other end has not taken yet.
final class FrameWire: Sendable {
  private let channel: any Channel
  private let queued = Mutex(0)
  private let queueLimit: Int

  /// - Parameter queueLimit: in bytes.
  init(channel: any Channel, queueLimit: Int) {
    self.channel = channel
    self.queueLimit = queueLimit
  }

  var queuedBytes: Int { queued.withLock(\.self) }

  /// Returns at once; frames leave in the order of calls.
  /// - Throws: ``FrameSendError/queueFull`` when the other end reads too slowly; nothing was queued then.
  func send(_ frame: LinkFrame) throws(FrameSendError) {
    let bytes: [UInt8]
    do {
      bytes = try frame.encoded()
    } catch {
      throw .invalid(error)
    }
    let size = bytes.count + 4
    let fits = queued.withLock { queued in
      guard size <= queueLimit - queued else { return false }
      queued += size
      return true
    }
    guard fits else { throw .queueFull }
    let written = channel.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { [self] _ in queued.withLock { $0 -= size } }
    channel.writeAndFlush(FrameDecoder.encode(bytes, allocator: channel.allocator), promise: written)
  }

  func close() {
    channel.close(promise: nil)
  }
}

enum FrameSendError: Error, Sendable, Hashable {
  case queueFull
  /// The caller made a frame no receiver would accept.
  case invalid(PeerFrameError)
}
