import ChainRegistry
import ChainTestKit
import Identifiers
import Membership
import Signatures
import Testing

struct KeyEntryTests {
  private func records(_ network: SampleChainNetwork, _ count: Int) throws -> [SimulatedRegistry.Entry] {
    try (0..<count).map { .init(try network.record(salt: UInt8($0))) }
  }

  @Test func `Keys on several pages are all there, and only a page that changed is read again`() async throws {
    let network = try SampleChainNetwork()
    let entries = try records(network, 150)
    let fixture = try Fixture(network: network) { $0.entries = entries }
    await fixture.registry.refresh()
    for salt in [0, 63, 64, 149] as [UInt8] {
      #expect(fixture.registry.current?.keyRecord(try network.record(salt: salt).key) != nil)
    }
    // Each view once, and 150 entries by 32.
    #expect(fixture.methods("eth_call") == 1 + 3 + 1 + 1 + 5)

    // The last entry moves into the hole: the first page and the last change.
    var contracts = try network.registry()
    contracts.entries = entries
    contracts.entries[3] = contracts.entries.removeLast()
    contracts.keysNumber += 1
    fixture.forgetTraffic()
    await fixture.mine(3, contracts)
    #expect(fixture.registry.current?.keyRecord(try network.record(salt: 3).key) == nil)
    #expect(fixture.registry.current?.keyRecord(try network.record(salt: 149).key) != nil)
    #expect(fixture.methods("eth_call") == 1 + 1 + 2 + 1)
  }

  @Test func `A key that was handed on belongs to its new owner and keeps its id`() async throws {
    let network = try SampleChainNetwork()
    let heir = try SampleChainNetwork.wallet(77).address
    let record = try network.record()
    let fixture = try Fixture(network: network) { registry in
      var entry = SimulatedRegistry.Entry(record)
      entry.owner = heir
      registry.entries = [entry]
    }
    await fixture.registry.refresh()
    let held = try #require(fixture.registry.current?.keyRecord(record.key))
    #expect(held.owner == heir)
    #expect(held.creator == network.owner.address)
    #expect(fixture.registry.current?.keyRecords(of: heir).map(\.key) == [record.key])
    // What it says is still what its creator wrote.
    #expect(RegistryChange.keyRecord(held).body == RegistryChange.keyRecord(record).body)
  }

  @Test func `An entry that is no record of its key is its owner's trouble alone`() async throws {
    let network = try SampleChainNetwork()
    let fixture = try Fixture(network: network) { registry in
      var foreign = SimulatedRegistry.Entry(try network.record(salt: 2))
      foreign.subject = .zero
      var broken = SimulatedRegistry.Entry(try network.record(salt: 3))
      broken.record = Array("{\"purpose\":".utf8)
      var empty = SimulatedRegistry.Entry(try network.record(salt: 4))
      empty.record = []
      var unknown = SimulatedRegistry.Entry(try network.record(salt: 5))
      unknown.kind = 9
      registry.entries = [foreign, broken, empty, unknown, .init(try network.record(salt: 6))]
    }
    await fixture.registry.refresh()
    for salt in [2, 3, 4, 5] as [UInt8] {
      #expect(fixture.registry.current?.keyRecord(try network.record(salt: salt).key) == nil)
    }
    #expect(fixture.registry.current?.keyRecord(try network.record(salt: 6).key) != nil)
  }

  @Test func `A moment beyond all time is the end of time`() async throws {
    let network = try SampleChainNetwork()
    let fixture = try Fixture(network: network) { $0.entries = [.init(notBefore: .max, of: network.owner.address)] }
    await fixture.registry.refresh()
    #expect(
      fixture.registry.current?.notBefore(of: network.owner.address) == Timestamp(secondsSince1970: .max))
  }
}
