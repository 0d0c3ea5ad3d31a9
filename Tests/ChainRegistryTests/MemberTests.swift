@testable import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import ProtocolTestKit
import Signatures
import Testing

struct MemberTests {
  @Test func `T7 Somebody else's identity key registers nobody, and its owner stays`() async throws {
    let network = try SampleChainNetwork()
    let victim = try network.member(1)
    let fixture = try Fixture(network: network) { registry in
      // The thief states the victim's key; all it has to prove it with is the victim's own proof.
      var stolen = SimulatedRegistry.ListedMember(victim)
      stolen.staker = network.stakers[0].address
      registry.members[0] = stolen
    }
    await fixture.registry.refresh()
    let snapshot = try #require(fixture.registry.current)
    #expect(snapshot.member(NodeID(staker: network.stakers[0].address)) == nil)
    #expect(snapshot.member(victim.node)?.identityKey == victim.identityKey)
    #expect(snapshot.members.count == 4)
  }

  /// The weakened double takes members as they are listed.
  @Test func `T7 N Who does not judge proofs lists the thief with the victim's key`() throws {
    let network = try SampleChainNetwork()
    let victim = try network.member(1)
    var stolen = SimulatedRegistry.ListedMember(victim)
    stolen.staker = network.stakers[0].address
    var fields = ABIFields([.address(stolen.staker), .uint(stolen.stake), .bytes(stolen.registration)])
    let member = try #require(try ListedMember(&fields).member)
    #expect(member.node.staker == network.stakers[0].address)
    #expect(member.identityKey == victim.identityKey)
  }

  @Test func `T7 Of two members with one key, or one endpoint, the first counts`() async throws {
    let network = try SampleChainNetwork()
    let fixture = try Fixture(network: network) { registry in
      registry.members[2] = .init(try network.member(2, identity: 1))
      registry.members[4] = .init(try network.member(4, port: 7_006))
    }
    await fixture.registry.refresh()
    let nodes = fixture.registry.current?.members.map(\.node.staker)
    #expect(nodes == [0, 1, 3].map { network.stakers[$0].address })
  }

  @Test func `A registration for another network is none`() async throws {
    let network = try SampleChainNetwork()
    let other = try SampleChainNetwork(name: "other")
    let fixture = try Fixture(network: network) { registry in
      registry.members[2] = .init(try network.member(2, network: other.founding.network))
    }
    await fixture.registry.refresh()
    #expect(fixture.registry.current?.members.count == 4)
  }

  private static func registration(peer: [UInt8], client: [UInt8], length: UInt16? = nil) -> [UInt8] {
    [UInt8](repeating: 1, count: 96) + (length ?? UInt16(peer.count)).bigEndianBytes + peer + client
  }

  private static let hostile: [[UInt8]] = [
    [], [UInt8](repeating: 1, count: 95), [UInt8](repeating: 1, count: 97),
    registration(peer: Array("127.0.0.1:1".utf8), client: Array("127.0.0.1:2".utf8), length: .max),
    registration(peer: [0xff, 0xfe], client: [0xff]), registration(peer: [], client: []),
    registration(peer: Array("a:1\r\nHost: b".utf8), client: Array("b:2".utf8)),
    registration(peer: Array("\u{202e}evil:1".utf8), client: Array("b:2".utf8)),
    registration(peer: Array("[::1:1".utf8), client: Array("b:70000".utf8)),
    registration(
      peer: Array(String(repeating: "a", count: 264).utf8), client: Array(String(repeating: ".", count: 264).utf8)),
    [UInt8](repeating: 0x41, count: 1_024),
  ]

  @Test(arguments: hostile)
  func `Bytes that are no registration leave one member out and nobody else`(_ bytes: [UInt8]) async throws {
    let fixture = try Fixture { $0.members[3].registration = bytes }
    await fixture.registry.refresh()
    #expect(fixture.registry.current?.members.count == 4)
    #expect(fixture.registry.trouble == nil)
  }

  @Test func `T4 Who is staked and not listed is no member`() async throws {
    let fixture = try Fixture { $0.members.removeLast() }
    await fixture.registry.refresh()
    let snapshot = try #require(fixture.registry.current)
    #expect(snapshot.eligibleMember(NodeID(staker: fixture.network.stakers[4].address)) == nil)
    #expect(snapshot.eligibleMembers.count == 4)
  }

  @Test func `T8 Who is slashed or leaves is spoken to no more after one update`() async throws {
    let fixture = try Fixture()
    await fixture.registry.refresh()
    var updates = fixture.registry.updates.makeAsyncIterator()
    #expect(await updates.next()?.eligibleMembers.count == 5)
    var contracts = try fixture.network.registry()
    contracts.stakingNumber += 1
    contracts.members[1].stake = 99
    let leaver = contracts.members.removeLast()
    await fixture.mine(3, contracts)
    let next = try #require(await updates.next())
    #expect(next.eligibleMember(NodeID(staker: fixture.network.stakers[1].address)) == nil)
    #expect(next.member(NodeID(staker: fixture.network.stakers[1].address))?.stake == 99)
    #expect(next.member(NodeID(staker: leaver.staker)) == nil)
  }

  @Test func `More members than the protocol allows are refused, and the last view ages`() async throws {
    let network = try SampleChainNetwork(members: 65)
    let fixture = try Fixture(network: network) { $0.members.removeLast() }
    await fixture.registry.refresh()
    #expect(fixture.registry.current?.members.count == 64)
    await fixture.mine(3, try network.registry())
    #expect(fixture.registry.trouble == .notARegistry("vote"))
    #expect(fixture.registry.current?.members.count == 64)
    fixture.clock.advance(by: .seconds(11))
    #expect(fixture.registry.current == nil)
  }

  @Test func `A list longer than the contract's own bound is not even read`() async throws {
    let network = try SampleChainNetwork(members: 201)
    let fixture = try Fixture(network: network)
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .notARegistry("members"))
    #expect(fixture.methods("eth_call") == 1)
  }
}
