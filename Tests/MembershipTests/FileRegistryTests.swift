import Identifiers
import Membership
import ProtocolTestKit
import Testing
import Wire

@Suite struct FileRegistryTests {
  private struct Setting {
    let network: Network
    let clock: ManualClock
    let storage: MemoryStorage
    let registry: FileRegistry
    let changes: [RegistryChange]

    init(_ count: Int = 3) throws {
      network = try Network()
      changes = try network.changes()
      clock = try ManualClock(wall: Timestamp(text: "2026-01-01T00:00:00Z"))
      storage = MemoryStorage(try network.document(Array(changes.prefix(count))))
      registry = try FileRegistry(storage: storage, network: network.founding.network, clock: clock)
    }

    func write(_ count: Int) throws { storage.write(try network.document(Array(changes.prefix(count)))) }
  }

  @Test func `an appended update becomes the current view, and is told to whoever listens`() async throws {
    let setting = try Setting()
    var updates = setting.registry.updates.makeAsyncIterator()
    #expect(await updates.next()?.number == 3)
    try setting.write(5)
    setting.registry.refresh()
    #expect(setting.registry.current?.number == 5)
    #expect(await updates.next()?.number == 5)
  }

  @Test func `a change is seen within a quarter of a second while it runs`() async throws {
    let setting = try Setting()
    #expect(FileRegistry.pollInterval <= .milliseconds(250))
    let run = Task { await setting.registry.run() }
    while setting.clock.sleeperCount == 0 { await Task.yield() }
    try setting.write(4)
    setting.clock.advance(by: .milliseconds(250))
    while setting.clock.sleeperCount == 0 { await Task.yield() }
    #expect(setting.registry.current?.number == 4)
    run.cancel()
    await run.value
  }

  @Test func `an unchanged file is not read again and does not age`() throws {
    let setting = try Setting()
    let reads = setting.storage.reads
    for _ in 0..<100 {
      setting.clock.advance(by: .seconds(1))
      setting.registry.refresh()
    }
    #expect(setting.storage.reads == reads)
    #expect(setting.registry.current?.number == 3)
  }

  @Test func `a view that cannot be renewed ends after the maximum age, to the second`() throws {
    let setting = try Setting()
    setting.storage.fail(RegistryStorageError(.inspect, errorNumber: 5))
    setting.registry.refresh()
    #expect(setting.registry.trouble == .unreadable(RegistryStorageError(.inspect, errorNumber: 5)))
    setting.clock.advance(by: .seconds(5))
    setting.registry.refresh()
    #expect(setting.registry.current != nil)
    setting.clock.advance(by: .milliseconds(1))
    #expect(setting.registry.current == nil)
    #expect(!setting.registry.isStopped)
    setting.storage.fail(nil)
    setting.registry.refresh()
    #expect(setting.registry.current?.number == 3)
    #expect(setting.registry.trouble == nil)
  }

  @Test func `an update nobody may have signed is not believed, and the view ages until it is gone`() throws {
    let setting = try Setting()
    var forged = try setting.network.document(Array(setting.changes.prefix(3)))
    let snapshot = try setting.network.applying(Array(setting.changes.prefix(3)))
    forged.append(try snapshot.proposing(.epoch(2)).signed([]))
    setting.storage.write(forged)
    setting.registry.refresh()
    #expect(
      setting.registry.trouble == .refused(.tooFewSignatures(number: 4, found: 0, needed: 4)))
    #expect(setting.registry.current?.number == 3)
    setting.clock.advance(by: .seconds(6))
    setting.registry.refresh()
    #expect(setting.registry.current == nil)
    try setting.write(4)
    setting.registry.refresh()
    #expect(setting.registry.current?.number == 4)
  }

  @Test func `a shortened registry stops it for good`() throws {
    let setting = try Setting(5)
    try setting.write(4)
    setting.registry.refresh()
    #expect(setting.registry.trouble == .refused(.shortened(from: 5, to: 4)))
    #expect(setting.registry.isStopped)
    #expect(setting.registry.current == nil)
    try setting.write(6)
    setting.registry.refresh()
    #expect(setting.registry.current == nil)
  }

  @Test func `a rewritten registry stops it for good, even properly signed`() async throws {
    let setting = try Setting()
    var updates = setting.registry.updates.makeAsyncIterator()
    #expect(await updates.next()?.number == 3)
    var other = setting.changes
    other[1] = .policy(evidenceKinds: ["software"], minimumStake: 80)
    setting.storage.write(try setting.network.document(other))
    setting.registry.refresh()
    #expect(setting.registry.trouble == .refused(.rewritten(number: 2)))
    #expect(setting.registry.current == nil)
    #expect(await updates.next() == nil)
    var late = setting.registry.updates.makeAsyncIterator()
    #expect(await late.next() == nil)
  }

  @Test func `another network's registry in the same place stops it for good`() throws {
    let setting = try Setting()
    let other = try Network(name: "other network")
    setting.storage.write(try other.document(other.changes()))
    setting.registry.refresh()
    #expect(setting.registry.isStopped)
  }

  @Test func `a registry that does not verify is not opened`() throws {
    let network = try Network()
    let clock = try ManualClock(wall: Timestamp(text: "2026-01-01T00:00:00Z"))
    let other = try Network(name: "other network")
    #expect(throws: RegistryTrouble.refused(.wrongNetwork)) {
      try FileRegistry(
        storage: MemoryStorage(other.document([])), network: network.founding.network, clock: clock)
    }
    let garbage = MemoryStorage()
    garbage.write(Array("{}".utf8))
    #expect(throws: RegistryTrouble.refused(.malformed(.missing("version")))) {
      try FileRegistry(storage: garbage, network: network.founding.network, clock: clock)
    }
  }
}
