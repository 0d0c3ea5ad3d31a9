import Attestation
import Identifiers
@testable import PeerLink
import Secrets
import Signatures
import Testing
import Wire

extension Loopback {
  /// A network that accepts evidence of one kind of hardware only; a stand-in, since none is at hand.
  @Suite struct HardwareOnlyTests {
    private let hardware: StandInHardware

    init() {
      var random = SystemRandom()
      hardware = StandInHardware(maker: Ed25519SigningKey(from: &random))
    }

    /// The policy is handed a verifier for software, as every node has one.
    private func makeNetwork(accepting kinds: Set<EvidenceKind> = [.standIn]) -> TestNetwork {
      let network = TestNetwork()
      network.directory.change { view in
        view.policy = AttestationPolicy(
          allowed: Dictionary(uniqueKeysWithValues: kinds.map { ($0, [TestNetwork.measurement]) }),
          verifiers: [hardware, SoftwareEvidenceVerifier(roots: [network.root.publicKey])])
      }
      return network
    }

    private var genuine: TestNetwork.Flaws { TestNetwork.Flaws(attester: hardware) }

    private func mislabelled(_ network: TestNetwork) throws -> TestNetwork.Flaws {
      let software = SoftwareAttester(
        credentials: try network.root.makeCredentials(now: SystemClock().wall), measurement: TestNetwork.measurement)
      return TestNetwork.Flaws(attester: MislabelledAttester(base: software, kind: .standIn))
    }

    @Test func `T4 software evidence is refused by both ends, under its own name and under another`() async throws {
      for isMislabelled in [false, true] {
        let reason = isMislabelled ? "evidence-report-signature" : "evidence-kind"
        for (flawedByte, honestByte) in [(1, 2), (2, 1)] as [(UInt8, UInt8)] {
          let network = makeNetwork()
          let honest = try await network.attackedNode(honestByte, flaws: genuine, bystanderFlaws: genuine)
          let flaws = isMislabelled ? try mislabelled(network) : TestNetwork.Flaws()
          // It would be glad to be let in by anybody.
          let theirs = makeNetwork(accepting: [.standIn, .software]).directory
          let flawed = try await network.node(flawedByte, flaws: flaws, directory: theirs)
          let (honestEntry, flawedEntry) = (try honest.expected(), try flawed.expected())
          theirs.change { $0.members[honest.id] = honestEntry }
          network.directory.change { $0.members[flawed.id] = flawedEntry }
          try await honest.expectRefusal(reason, flawedByte < honestByte ? .incoming : .outgoing)
          await flawed.mesh.stop()
        }
      }
    }

    @Test func `T4 N a network that also accepts software lets it in`() async throws {
      let network = makeNetwork(accepting: [.standIn, .software])
      let (hard, soft) = (try await network.node(1, flaws: genuine), try await network.node(2))
      try network.introduce(hard, soft)
      try await eventually("they are linked, \(hard.allRefusals)") { await areLinked(hard, soft) }
      #expect(await hard.mesh.peer(soft.id)?.evidence.isDevelopment == true)
      #expect(await soft.mesh.peer(hard.id)?.evidence.isDevelopment == false)
      await hard.mesh.stop()
      await soft.mesh.stop()
    }
  }
}
