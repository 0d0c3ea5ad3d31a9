import Attestation
import Identifiers
@testable import Membership
@testable import PeerLink
import Synchronization
import Testing

@Suite struct MembershipDirectoryTests {
  private let root = DevelopmentRoot()

  private func snapshot(kinds: [String], roots: [[UInt8]]) throws -> MembershipSnapshot {
    let founding = try FoundingDocument(
      FoundingTerms(
        name: "test", evidenceKinds: kinds, developmentRoots: roots, minimumMembers: 1, minimumStake: 10,
        domain: "example.org", chainID: 1, maximumSnapshotAgeSeconds: 60,
        stakers: [FoundingStaker(address: id(1).staker, stake: 10)]))
    var snapshot = MembershipSnapshot(founding: founding)
    snapshot.members = try [(1, 10), (2, 9)].map { (byte: UInt8, stake: UInt64) in
      Member(
        registration: Registration(
          network: founding.network, node: id(byte), identityKey: [UInt8](repeating: byte, count: 32),
          peerEndpoint: try Endpoint(host: "127.0.0.1", port: 1000 + UInt16(byte)),
          clientEndpoint: try Endpoint(host: "127.0.0.1", port: 2000 + UInt16(byte)),
          signing: { _ in [UInt8](repeating: 0, count: 64) }),
        stake: stake)
    }
    snapshot.epoch = 7
    snapshot.measurements = Dictionary(uniqueKeysWithValues: kinds.map { ($0, [TestNetwork.measurement.bytes]) })
    return snapshot
  }

  @Test func `the view says what the registry says`() throws {
    let snapshot = try snapshot(kinds: ["software"], roots: [root.publicKey.bytes])
    let view = try #require(MembershipDirectory(TestSource(snapshot), verifiers: []).view())
    #expect(view.network == snapshot.network)
    #expect(view.epoch == 7)
    #expect(view.registry == snapshot.position)
    #expect(view.anchors == [snapshot.network.digest])
    #expect(view.policy.acceptsDevelopment)
    #expect(view.policy.allowed == [.software: [TestNetwork.measurement]])
    #expect(view.members[id(1)]?.peerEndpoint.port == 1001)
    #expect(view.members[id(1)]?.clientEndpoint.port == 2001)
    #expect(view.members[id(1)]?.hasSufficientStake == true)
    #expect(view.members[id(2)]?.hasSufficientStake == false)
    #expect(throws: HandshakeRefusal.insufficientStake) { try view.member(id(2)) }
    #expect(throws: HandshakeRefusal.notMember) { try view.member(id(3)) }
  }

  @Test func `T4 a network founded for hardware never accepts software, even when its registry asks for it`() throws {
    var snapshot = try snapshot(kinds: ["sev-snp"], roots: [])
    snapshot.evidenceKinds = ["sev-snp", "software"]
    snapshot.measurements["software"] = [TestNetwork.measurement.bytes]
    let verifier = SoftwareEvidenceVerifier(roots: [root.publicKey])
    let view = try #require(MembershipDirectory(TestSource(snapshot), verifiers: [verifier]).view())
    #expect(!view.policy.acceptsDevelopment)
    #expect(view.policy.allowed.keys.map(\.text) == ["sev-snp"])
  }

  @Test func `the view follows the registry, and is gone when the registry is`() throws {
    let source = TestSource(try snapshot(kinds: ["software"], roots: [root.publicKey.bytes]))
    let directory = MembershipDirectory(source, verifiers: [])
    #expect(directory.view()?.members.count == 2)
    source.change { snapshot in
      snapshot?.members = []
      snapshot?.history.append(Digest32.zero)
    }
    #expect(directory.view()?.members.isEmpty == true)
    source.change { $0 = nil }
    #expect(directory.view() == nil)
  }

  @Test func `changes of the registry are passed on`() async throws {
    let source = TestSource(try snapshot(kinds: ["software"], roots: [root.publicKey.bytes]))
    var changes = MembershipDirectory(source, verifiers: []).changes().makeAsyncIterator()
    #expect(await changes.next() != nil)
  }
}

private final class TestSource: MembershipSource {
  private let state: Mutex<MembershipSnapshot?>

  init(_ snapshot: MembershipSnapshot) {
    state = Mutex(snapshot)
  }

  var current: MembershipSnapshot? { state.withLock(\.self) }

  var updates: AsyncStream<MembershipSnapshot> {
    AsyncStream { continuation in
      if let current { continuation.yield(current) }
      continuation.finish()
    }
  }

  func change(_ body: (inout MembershipSnapshot?) -> Void) {
    state.withLock { body(&$0) }
  }
}
