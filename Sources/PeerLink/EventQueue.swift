import Synchronization

/// Events of one link on their way to the node, bounded in number and bytes.
struct EventQueue: Sendable {
  private let stream: AsyncStream<(PeerEvent, Int)>
  private let continuation: AsyncStream<(PeerEvent, Int)>.Continuation
  private let waiting = SharedCount()
  private let byteLimit: Int

  init(frames: Int, bytes: Int) {
    (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(frames))
    byteLimit = bytes
  }

  /// - Returns: false when the queue is full; the event is lost then.
  func add(_ event: PeerEvent, bytes: Int) -> Bool {
    guard waiting.add(bytes, limit: byteLimit) else { return false }
    guard case .enqueued = continuation.yield((event, bytes)) else { return false }
    return true
  }

  func finish() {
    continuation.finish()
  }

  /// Delivers one event after the other until the queue is finished and empty. One consumer only.
  func deliver(to handler: @Sendable (PeerEvent) async -> Void) async {
    for await (event, bytes) in stream {
      await handler(event)
      waiting.subtract(bytes)
    }
  }
}

/// A count several tasks change.
private final class SharedCount: Sendable {
  private let value = Mutex(0)

  func add(_ amount: Int, limit: Int) -> Bool {
    value.withLock { value in
      guard amount <= limit - value else { return false }
      value += amount
      return true
    }
  }

  func subtract(_ amount: Int) {
    value.withLock { $0 -= amount }
  }
}
