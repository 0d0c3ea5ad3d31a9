import Attestation
import Identifiers
@testable import Membership
@testable import PeerLink
import ProtocolTestKit
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

  @Test func `code that begins to count without another change is in the next view`() throws {
    let snapshot = try snapshot(kinds: ["software"], roots: [root.publicKey.bytes])
    let source = TestSource(snapshot)
    let directory = MembershipDirectory(source, verifiers: [])
    #expect(directory.view()?.policy.allowed == [.software: [TestNetwork.measurement]])
    let later = [UInt8](repeating: 9, count: 48)
    source.change { $0?.measurements["software"] = [later] }
    #expect(directory.view()?.registry == snapshot.position)
    #expect(directory.view()?.policy.allowed == [.software: [try Measurement(bytes: later)]])
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

  /// Evidence of real machines, by a registry that asks for what they have and by one that asks for more.
  @Test(.enabled(if: Vectors.arePresent))
  func `evidence of every kind of hardware is judged by what the registry asks for`() throws {
    func bytes(_ name: String) throws -> [UInt8] { try Vectors.bytes("attestation/\(name)") }
    var vendors = VendorKnowledge()
    try vendors.add(bytes("tdx_quote_collateral.json"))
    let genoa = try bytes("snp-genoa-v5-oak.report.bin") + bytes("snp-genoa-v5-oak.vek.der")
    let (quote, document) = (try bytes("tdx-v4-uptodate.quote"), try bytes("nitro-2025-dstack.cose"))
    // What a person would find out with `quorate evidence verify`, and then vote on.
    var asked = EvidenceRequirements()
    asked.snp.minimumFirmware = [.genoa: SNPFirmware(bootLoader: 1, tee: 0, snp: 1, microcode: 1)]
    asked.nitro.maximumAge = 10_800
    for (kind, data) in [(EvidenceKind.sevSNP, genoa), (.tdx, quote), (.nitro, document)] {
      let reading = try EvidenceReading(file: data, at: .init(secondsSince1970: 1_760_000_000))
      #expect(reading.kind == kind)
      let measurement = try #require(reading.facts.first { $0.name == "measurement" }?.values.first)
      func failed(_ requirements: EvidenceRequirements, _ listed: String) throws -> Set<AttestationCheck> {
        var snapshot = try snapshot(kinds: ["sev-snp", "tdx", "nitro"], roots: [])
        snapshot.requirements = requirements
        snapshot.measurements = [kind.text: [try Measurement(text: listed).bytes]]
        let source = TestSource(snapshot)
        let view = try #require(MembershipDirectory(source, vendors: FixedKnowledge(vendors)).view())
        // While certificates and statements were current.
        let time =
          try kind == .nitro
          ? Timestamp(text: #require(reading.facts.first { $0.name == "made" }?.values.first))
          : Timestamp(text: kind == .tdx ? "2025-06-20T00:00:00Z" : "2025-09-01T00:00:00Z")
        let behind = reading.facts.first { $0.name == "bytesBehind" }?.values.first.flatMap { Int($0) } ?? 0
        let bare = Array(data.dropLast(behind))
        return Set(
          view.policy.verdict(on: try Evidence(kind: kind, data: bare), now: time).failed.map(\.check))
      }
      #expect(try failed(asked, measurement).isEmpty, "\(kind)")
      #expect(try failed(asked, TestNetwork.measurement.text) == [.measurement], "\(kind)")
      var stricter = asked
      stricter.snp.minimumFirmware[.genoa]?.snp = 255
      stricter.tdx.minimumEvaluation = 1_000_000
      stricter.nitro.registers = [3: []]
      let named: [EvidenceKind: AttestationCheck] = [
        .sevSNP: .minimumFirmware, .tdx: .collateral, .nitro: .configuration,
      ]
      #expect(try failed(stricter, measurement) == [try #require(named[kind])], "\(kind)")
    }
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
