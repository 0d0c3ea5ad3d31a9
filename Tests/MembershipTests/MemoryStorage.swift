import Membership
import Synchronization

/// A registry's bytes in memory, with a disk that fails when told to.
final class MemoryStorage: RegistryStorage {
  private struct State {
    var bytes: [UInt8]?
    var version: Int64 = 0
    var failure: RegistryStorageError?
    var reads = 0
    var isLocked = false
  }

  private final class Lock: RegistryLock {
    private let storage: MemoryStorage
    init(_ storage: MemoryStorage) { self.storage = storage }
    deinit { storage.state.withLock { $0.isLocked = false } }
  }

  private let state: Mutex<State>

  init(_ document: RegistryDocument? = nil) {
    state = Mutex(State(bytes: document?.encoded))
  }

  var reads: Int { state.withLock { $0.reads } }
  var bytes: [UInt8]? { state.withLock { $0.bytes } }

  func fail(_ failure: RegistryStorageError?) { state.withLock { $0.failure = failure } }

  func write(_ document: RegistryDocument) { write(document.encoded) }

  func write(_ bytes: [UInt8]) {
    state.withLock { state in
      state.bytes = bytes
      state.version += 1
    }
  }

  func stamp() throws(RegistryStorageError) -> RegistryStamp { try content().stamp }

  func read() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp) {
    state.withLock { $0.reads += 1 }
    return try content()
  }

  func replace(with bytes: [UInt8]) throws(RegistryStorageError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
    write(bytes)
  }

  func lock() throws(RegistryStorageError) -> (any RegistryLock)? {
    let isTaken = state.withLock { state in
      defer { state.isLocked = true }
      return state.isLocked
    }
    return isTaken ? nil : Lock(self)
  }

  private func content() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp) {
    let (bytes, version, failure) = state.withLock { ($0.bytes, $0.version, $0.failure) }
    if let failure { throw failure }
    guard let bytes else { throw RegistryStorageError(.open, errorNumber: 2) }
    let stamp = RegistryStamp(
      modifiedSeconds: 0, modifiedNanoseconds: 0, size: Int64(bytes.count), inode: UInt64(version))
    return (bytes, stamp)
  }
}
