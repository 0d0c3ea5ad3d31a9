import Attestation
import Identifiers
@testable import PeerLink
import Secrets
import Signatures
import Testing
import Wire

extension Loopback {
  /// What evidence says of machines, between nodes.
  @Suite struct OneMachineTests {
    private let maker: Ed25519SigningKey

    init() {
      var random = SystemRandom()
      maker = Ed25519SigningKey(from: &random)
    }

    private func hardware(_ machine: UInt8) -> StandInHardware {
      StandInHardware(maker: maker, machine: [machine])
    }

    private func on(_ machine: UInt8) -> TestNetwork.Flaws { TestNetwork.Flaws(attester: hardware(machine)) }

    private func makeNetwork(
      requirements: EvidenceRequirements = EvidenceRequirements(), verifier: (any EvidenceVerifier)? = nil
    ) -> TestNetwork {
      let network = TestNetwork()
      network.directory.change { $0.policy = policy(requirements, verifier) }
      return network
    }

    private func policy(
      _ requirements: EvidenceRequirements, _ verifier: (any EvidenceVerifier)? = nil
    ) -> AttestationPolicy {
      AttestationPolicy(
        allowed: [.standIn: [TestNetwork.measurement]], requirements: requirements, developmentRoots: [],
        knowledge: VendorKnowledge(), verifiers: [verifier ?? hardware(0)])
    }

    /// A verifier that does not tell machines apart.
    private var careless: ForgivingVerifier { ForgivingVerifier(base: hardware(0)) { $0.platform = nil } }

    @Test func `T5 a second node on the machine of another is refused, whoever dials`() async throws {
      // The bystander has machine 3; the honest node is on machine 1.
      for (second, honestByte) in [(2, 1), (1, 2)] as [(UInt8, UInt8)] {
        let network = makeNetwork()
        let honest = try await network.attackedNode(honestByte, flaws: on(1), bystanderFlaws: on(3))
        let rogue = try await network.node(second, flaws: on(3))
        network.directory.change { [entry = try rogue.expected()] in $0.members[rogue.id] = entry }
        try await honest.expectRefusal("platform-in-use", second < honestByte ? .incoming : .outgoing)
        await rogue.mesh.stop()
      }
    }

    @Test func `T5 a node on this node's own machine is refused`() async throws {
      let network = makeNetwork()
      let honest = try await network.attackedNode(2, flaws: on(1), bystanderFlaws: on(3))
      let rogue = try await network.node(1, flaws: on(1))
      network.directory.change { [entry = try rogue.expected()] in $0.members[rogue.id] = entry }
      try await honest.expectRefusal("platform-in-use", .incoming)
      await rogue.mesh.stop()
    }

    @Test func `T5 N nodes that do not tell machines apart take one for two members`() async throws {
      let network = makeNetwork(verifier: careless)
      let nodes = [
        try await network.node(1, flaws: on(1)), try await network.node(2, flaws: on(3)),
        try await network.node(3, flaws: on(3)),
      ]
      try network.introduce(nodes[0], nodes[1], nodes[2])
      try await eventually("all are linked") {
        let first = await areLinked(nodes[0], nodes[1])
        let second = await areLinked(nodes[0], nodes[2])
        return first && second
      }
      for node in nodes { await node.mesh.stop() }
    }

    @Test func `a machine is free again once its node is gone`() async throws {
      let network = makeNetwork()
      let first = try await network.node(1, flaws: on(1))
      let old = try await network.node(2, flaws: on(3))
      try network.introduce(first, old)
      try await eventually("the first is linked") { await areLinked(first, old) }
      await old.mesh.stop()
      let next = try await network.node(4, flaws: on(3))
      network.directory.change { [entry = try next.expected()] in
        $0.members[old.id] = nil
        $0.members[next.id] = entry
      }
      try await eventually("the next is linked, \(first.allRefusals)") { await areLinked(first, next) }
      await first.mesh.stop()
      await next.mesh.stop()
    }

    @Test func `T2 a certificate of one machine with live evidence of another is refused`() async throws {
      let network = makeNetwork()
      let honest = try await network.attackedNode(2, flaws: on(1), bystanderFlaws: on(3))
      let moving = MovingHardware(first: hardware(5), then: hardware(6))
      let rogue = try await network.node(1, flaws: TestNetwork.Flaws(attester: moving))
      network.directory.change { [entry = try rogue.expected()] in $0.members[rogue.id] = entry }
      try await honest.expectRefusal("other-platform", .incoming)
      await rogue.mesh.stop()
    }

    @Test func `T5 a link ends when the stakers ask for what its evidence does not fulfil`() async throws {
      let network = makeNetwork()
      let (first, second) = (try await network.node(1, flaws: on(1)), try await network.node(2, flaws: on(2)))
      try network.introduce(first, second)
      try await eventually("they are linked") { await areLinked(first, second) }
      var both = EvidenceRequirements()
      both.platforms = [
        try PlatformID(kind: .standIn, bytes: [1]), try PlatformID(kind: .standIn, bytes: [2]),
      ]
      network.directory.change { [policy = policy(both)] in $0.policy = policy }
      let frame = frame(payload: [1])
      try await first.mesh.send(frame, to: second.id)
      try await eventually("the frame arrives") { await second.events.frames == [frame] }
      #expect(await first.events.downs.isEmpty)
      #expect(await second.events.downs.isEmpty)
      var one = EvidenceRequirements()
      one.platforms = [try PlatformID(kind: .standIn, bytes: [1])]
      network.directory.change { [policy = policy(one)] in $0.policy = policy }
      try await eventually("the link is cut") { await first.events.downs.first?.reason == "evidence-platform" }
      await first.mesh.stop()
      await second.mesh.stop()
    }

    @Test func `T5 N links that are not judged again outlive the vote`() async throws {
      let network = makeNetwork()
      // Without requirements there is nothing to compare, and whoever was let in stays.
      func accept(_ platforms: Set<PlatformID>?) {
        network.directory.change { view in
          view.policy = AttestationPolicy(
            allowed: [.standIn: [TestNetwork.measurement]], platforms: platforms, verifiers: [hardware(0)])
        }
      }
      accept(nil)
      let (first, second) = (try await network.node(1, flaws: on(1)), try await network.node(2, flaws: on(2)))
      try network.introduce(first, second)
      try await eventually("they are linked") { await areLinked(first, second) }
      accept([try PlatformID(kind: .standIn, bytes: [1])])
      let frame = frame(payload: [1])
      try await first.mesh.send(frame, to: second.id)
      try await eventually("the frame arrives") { await second.events.frames == [frame] }
      #expect(await first.events.downs.isEmpty)
      await first.mesh.stop()
      await second.mesh.stop()
    }
  }
}

/// A machine that is another one after its first report.
private struct MovingHardware: EvidenceProvider {
  let first: StandInHardware
  let then: StandInHardware

  var kind: EvidenceKind { first.kind }

  func evidence(over reportData: ReportData) async throws -> Evidence {
    try await (first.reports.value == 0 ? first : then).evidence(over: reportData)
  }
}
