import ChainRegistry
import ChainTestKit
import EthereumRPC
import Identifiers
import Membership
import Signatures
import Testing

struct SnapshotTests {
  @Test func `A view holds what the contracts hold at one agreed block`() async throws {
    let certificate = Digest32.keccak256([1])
    let fixture = try Fixture { registry in
      let network = try SampleChainNetwork()
      registry.members.reverse()
      registry.members[0].stake = 1
      registry.epoch = 2
      registry.certificates = [1: certificate]
      registry.measurements = [.init(kind: "sev-snp", value: [UInt8](repeating: 7, count: 48), since: Fixture.start)]
      registry.entries = [
        .init(try network.record()), .init(notBefore: 1_700_000_000, of: network.owner.address),
      ]
      registry.stakingNumber = 12
      registry.keysNumber = 3
    }
    #expect(fixture.registry.current == nil)
    #expect(await fixture.registry.refresh())
    let snapshot = try #require(fixture.registry.current)
    #expect(snapshot.number == 15)
    #expect(snapshot.chain?.block.hash == fixture.chain.block(8)?.hash)
    #expect(snapshot.members.map(\.node.staker) == fixture.network.stakers.map(\.address))
    #expect(snapshot.members.count(where: { $0.stake == 1 }) == 1)
    #expect(snapshot.eligibleMembers.count == 4)
    #expect(snapshot.epoch == 2)
    #expect(snapshot.certificateDigest == nil)
    #expect(snapshot.certificateDigest(of: 1) == certificate)
    #expect(snapshot.measurements == ["sev-snp": [[UInt8](repeating: 7, count: 48)]])
    #expect(snapshot.evidenceKinds == fixture.network.founding.evidenceKinds)
    let record = try fixture.network.record()
    #expect(snapshot.keyRecord(record.key) == record)
    #expect(snapshot.notBefore(of: fixture.network.owner.address) == Timestamp(secondsSince1970: 1_700_000_000))
    #expect(snapshot.network == fixture.network.founding.network)
    #expect(!snapshot.isPaused)
    #expect(fixture.registry.trouble == nil)
    #expect(fixture.registry.currentBlock?.number == 8)
  }

  @Test func `Every change has a number and a digest of its own, and those seen are remembered`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    let first = try #require(fixture.registry.current)
    var contracts = try fixture.network.registry()
    contracts.stakingNumber += 1
    contracts.epoch = 2
    await fixture.mine(3, contracts)
    let second = try #require(fixture.registry.current)
    #expect(second.number == first.number + 1)
    #expect(second.digest != first.digest)
    #expect(second.digest(at: first.number) == first.digest)
    #expect(second.digest(at: 1) == nil)
    #expect(second.chain?.recentBlocks.first?.number == 11)
    #expect(second.chain?.recentBlocks.count == 4)
  }

  @Test func `A measurement counts from its moment on, by the chain's time, without another vote`() async throws {
    let value = [UInt8](repeating: 9, count: 48)
    let fixture = try Fixture { registry in
      registry.measurements = [.init(kind: "sev-snp", value: value, since: Fixture.start + 9)]
    }
    await fixture.registry.refresh()
    #expect(fixture.registry.current?.measurements == [:])
    var updates = fixture.registry.updates.makeAsyncIterator()
    _ = await updates.next()
    await fixture.mine()
    #expect(fixture.registry.current?.measurements == ["sev-snp": [value]])
    #expect(await updates.next()?.measurements == ["sev-snp": [value]])
  }

  @Test func `A paused network says so, until the pause ends by itself`() async throws {
    let fixture = try Fixture { $0.pausedUntil = Fixture.start + 10 }
    await fixture.registry.refresh()
    #expect(fixture.registry.current?.isPaused == true)
    await fixture.mine()
    #expect(fixture.registry.current?.isPaused == true)
    await fixture.mine()
    #expect(fixture.registry.current?.isPaused == false)
  }

  @Test func `A policy that was voted holds, and one that nodes cannot follow stops them`() async throws {
    let body = RegistryChange.policy(evidenceKinds: ["sev-snp"], minimumStake: 200).body
    let fixture = try Fixture { registry in
      registry.policy = body
      registry.minimumStake = 200
    }
    await fixture.registry.refresh()
    #expect(fixture.registry.current?.evidenceKinds == ["sev-snp"])
    #expect(fixture.registry.current?.eligibleMembers.isEmpty == true)
    let wrong: [(inout SimulatedRegistry) -> Void] = [
      { $0.minimumStake = 201 }, { $0.policy = Array("{}".utf8) },
      { $0.policy = RegistryChange.policy(evidenceKinds: ["nitro"], minimumStake: 200).body },
      { $0.policy = RegistryChange.policy(evidenceKinds: [], minimumStake: 200).body },
    ]
    for change in wrong {
      var contracts = try fixture.network.registry()
      contracts.policy = body
      contracts.minimumStake = 200
      change(&contracts)
      await fixture.mine(3, contracts)
      #expect(fixture.registry.trouble == .notARegistry("vote"))
    }
  }

  @Test func `Certificates of more epochs than one call gives are all there`() async throws {
    let fixture = try Fixture { registry in
      registry.epoch = 600
      for epoch in 1..<UInt64(600) where epoch != 300 {
        registry.certificates[epoch] = .keccak256(epoch.bigEndianBytes)
      }
    }
    await fixture.registry.refresh()
    let snapshot = try #require(fixture.registry.current)
    #expect(snapshot.certificateDigest(of: 599) == .keccak256(UInt64(599).bigEndianBytes))
    #expect(snapshot.certificateDigest(of: 300) == nil)
  }
}
