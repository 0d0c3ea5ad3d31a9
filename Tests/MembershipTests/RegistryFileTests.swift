import Foundation
import Identifiers
import Membership
import ProtocolTestKit
import Testing
import Wire

@Suite struct RegistryFileTests {
  private static func inDirectory(_ body: (RegistryFile) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "quorate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(RegistryFile(path: directory.appending(path: "network.json").path))
  }

  @Test func `a founded registry grows on disk and is read by another reader`() async throws {
    try await Self.inDirectory { file in
      let network = try Network()
      let id = network.founding.network
      let writer = RegistryWriter(storage: file, clock: SystemClock())
      try await writer.found(network.founding)
      let reader = try FileRegistry(storage: file, network: id, clock: SystemClock())
      #expect(reader.current?.number == 0)
      let signers = network.stakers
      let after = try await writer.append(.members(network.members()), to: id, signedBy: signers)
      reader.refresh()
      #expect(reader.current?.position == after.position)
      _ = try await writer.append(.keyRecord(network.record()), to: id, signedBy: [network.owner])
      reader.refresh()
      #expect(reader.current?.number == 2)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: URL(fileURLWithPath: file.path).deletingLastPathComponent().path)
      #expect(Set(names) == ["network.json", "network.json.lock"])
    }
  }

  @Test func `an existing registry is not founded over`() async throws {
    try await Self.inDirectory { file in
      let network = try Network()
      let writer = RegistryWriter(storage: file, clock: SystemClock())
      try await writer.found(network.founding)
      await #expect(throws: RegistryTrouble.unreadable(RegistryStorageError(.alreadyThere, errorNumber: 0))) {
        try await writer.found(network.founding)
      }
    }
  }

  @Test func `an update that is not properly signed never reaches the disk`() async throws {
    try await Self.inDirectory { file in
      let network = try Network()
      let id = network.founding.network
      let writer = RegistryWriter(storage: file, clock: SystemClock())
      try await writer.found(network.founding)
      let before = try file.read()
      await #expect(throws: RegistryTrouble.refused(.tooFewSignatures(number: 1, found: 3, needed: 4))) {
        try await writer.append(.epoch(2), to: id, signedBy: Array(network.stakers[0..<3]))
      }
      #expect(try file.read() == before)
    }
  }

  @Test func `many writers at once lose no update`() async throws {
    try await Self.inDirectory { file in
      let network = try Network()
      let id = network.founding.network
      try await RegistryWriter(storage: file, clock: SystemClock()).found(network.founding)
      let records = try (1...8).map { try network.record(salt: UInt8($0)) }
      let owner = network.owner
      try await withThrowingTaskGroup(of: Void.self) { group in
        for record in records {
          group.addTask {
            let writer = RegistryWriter(storage: RegistryFile(path: file.path), clock: SystemClock())
            _ = try await writer.append(.keyRecord(record), to: id, signedBy: [owner])
          }
        }
        try await group.waitForAll()
      }
      let reader = try FileRegistry(storage: file, network: id, clock: SystemClock())
      let snapshot = try #require(reader.current)
      #expect(snapshot.number == 8)
      #expect(records.allSatisfy { snapshot.keyRecord($0.key) == $0 })
    }
  }

  @Test func `a writer that waits too long for another gives up and says so`() async throws {
    let network = try Network()
    let storage = MemoryStorage(try network.document([]))
    let clock = try ManualClock(wall: Timestamp(text: "2026-01-01T00:00:00Z"))
    let held = try storage.lock()
    let writer = RegistryWriter(storage: storage, clock: clock)
    let stakers = network.stakers
    let id = network.founding.network
    let task = Task { try await writer.append(.epoch(2), to: id, signedBy: stakers) }
    while clock.sleeperCount == 0 { await Task.yield() }
    clock.advance(by: .seconds(6))
    await #expect(throws: RegistryTrouble.locked) { try await task.value }
    #expect(held != nil)
    _ = consume held
  }

  @Test func `O2 a disk that fails changes nothing`() async throws {
    let network = try Network()
    let storage = MemoryStorage(try network.document([]))
    let before = storage.bytes
    let failing = FailingStorage(storage)
    let writer = RegistryWriter(storage: failing, clock: SystemClock())
    let failure = RegistryStorageError(.write, errorNumber: 28)
    await #expect(throws: RegistryTrouble.unreadable(failure)) {
      try await writer.append(.epoch(2), to: network.founding.network, signedBy: network.stakers)
    }
    #expect(storage.bytes == before)
  }
}

/// Reads, and has no room for anything new.
private struct FailingStorage: RegistryStorage {
  let storage: MemoryStorage
  init(_ storage: MemoryStorage) { self.storage = storage }
  func stamp() throws(RegistryStorageError) -> RegistryStamp { try storage.stamp() }
  func read() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp) { try storage.read() }
  func replace(with bytes: [UInt8]) throws(RegistryStorageError) {
    throw RegistryStorageError(.write, errorNumber: 28)
  }
  func lock() throws(RegistryStorageError) -> (any RegistryLock)? { try storage.lock() }
}
