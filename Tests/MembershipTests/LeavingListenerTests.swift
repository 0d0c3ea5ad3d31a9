import Foundation
import Identifiers
import Membership
import ProtocolTestKit
import Synchronization
import Testing

@Suite struct LeavingListenerTests {
  /// The registry holds its state for a look when the task of its listener is cancelled.
  @Test(.timeLimit(.minutes(1)))
  func `a listener that leaves while it is told something holds nobody up`() async throws {
    let network = try Network()
    let changes = try network.changes()
    let storage = HeldStorage(MemoryStorage(try network.document(Array(changes.prefix(3)))))
    let clock = try ManualClock(wall: Timestamp(text: "2026-01-01T00:00:00Z"))
    let registry = try FileRegistry(storage: storage, network: network.founding.network, clock: clock)

    let heard = Mutex(0)
    let listener = Task {
      for await _ in registry.updates { heard.withLock { $0 += 1 } }
    }
    while heard.withLock({ $0 }) == 0 { await Task.yield() }
    // It heard the first snapshot and waits for the next.
    try await Task.sleep(for: .milliseconds(50))

    storage.content.write(try network.document(Array(changes.prefix(4))))
    storage.atNextRead { Thread.detachNewThread { listener.cancel() } }
    await Task.detached { registry.refresh() }.value
    await listener.value
    #expect(registry.current?.number == 4)
  }
}

/// A storage whose next look takes long enough for something else to begin meanwhile.
private final class HeldStorage: RegistryStorage {
  let content: MemoryStorage
  private let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)

  init(_ content: MemoryStorage) { self.content = content }

  func atNextRead(_ begin: @escaping @Sendable () -> Void) {
    meanwhile.withLock { $0 = begin }
  }

  func stamp() throws(RegistryStorageError) -> RegistryStamp { try content.stamp() }

  func read() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp) {
    let begin = meanwhile.withLock { begin in
      defer { begin = nil }
      return begin
    }
    if let begin {
      begin()
      Thread.sleep(forTimeInterval: 0.2)
    }
    return try content.read()
  }

  func replace(with bytes: [UInt8]) throws(RegistryStorageError) { try content.replace(with: bytes) }
  func lock() throws(RegistryStorageError) -> (any RegistryLock)? { try content.lock() }
}
