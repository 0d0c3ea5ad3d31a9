@testable import Attestation
import Authorization
import Client
import Identifiers
import Membership
import Node
import NodeTestKit
import PeerLink
import PublicKeys
import Signatures
import Testing
import Wire

/// A network founded for SEV-SNP: nodes on machines of their own whose chips a test makes, found through the kernel's
/// interfaces, verified by the registry's policy at peers and users.
@Suite(.serialized) struct HardwareClusterTests {
  private static func hardware(_ chip: @escaping @Sendable (Int) -> UInt8 = { UInt8($0 + 1) }) throws -> TestHardware {
    let authority = try TestAMD().authority
    var requirements = EvidenceRequirements()
    requirements.snp.minimumFirmware = [.genoa: TestAMD.firmware]
    return TestHardware(
      kind: .sevSNP, measurement: someMeasurement, requirements: requirements,
      vendors: FixedKnowledge(VendorKnowledge(roots: EvidenceRoots(amd: [authority], intel: [], nitro: [])))
    ) { place in
      do {
        var amd = try TestAMD()
        amd.chipByte = chip(place)
        return try FakeKernel.snp(amd, through: .device) { $0.derivedKey[0] = UInt8(place) }
      } catch {
        preconditionFailure("a machine")
      }
    }
  }

  private static func run(
    _ hardware: TestHardware, make: @escaping TestNetwork.Making = { try await Node($0, $1) },
    _ body: (TestNetwork) async throws -> Void
  ) async throws {
    let network = try await TestNetwork(count: 3, hardware: hardware, make: make)
    do {
      try await network.start()
      try await body(network)
    } catch {
      await network.remove()
      throw error
    }
    await network.remove()
  }

  @Test(.timeLimit(.minutes(3)))
  func `nodes with hardware attest, sign, and have their shares again after a restart`() async throws {
    try await Self.run(Self.hardware()) { network in
      try await network.generateKeys()
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let session = try user.session([.sign(with: record.key)])
      let message = ContentToSign.message([1])
      let signature = try await user.client.sign(message, with: record.key, as: session)
      #expect(SignatureVerification.isValid(signature.signature, of: message, under: signature.publicKey))
      let nodes = await network.nodes
      let before = await nodes[0].status
      #expect(before?.evidence == "sev-snp" && before?.memory == .sealed && before?.isDevelopment == false)
      await nodes[0].stop()
      try await nodes[0].start()
      try await network.waitUntil(within: .seconds(30)) { await $0.isReady }
      #expect(await nodes[0].status?.identityKey == before?.identityKey)
      // All three are needed.
      _ = try await user.client.sign(.message([2]), with: record.key, as: session)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `T5 a vote for newer firmware than the nodes have cuts their links and their users off`() async throws {
    try await Self.run(Self.hardware()) { network in
      try await network.generateKeys()
      let user = try TestUser(of: network)
      let nodes = await network.nodes
      var stricter = EvidenceRequirements()
      stricter.snp.minimumFirmware = [.genoa: TestAMD.firmware]
      stricter.snp.protections = 0
      stricter.platforms = try Set(
        (1...3).map { try PlatformID(kind: .sevSNP, bytes: [UInt8](repeating: $0, count: 64)) })
      // The same machines, named: nobody is cut.
      try await network.append(.policy(evidenceKinds: ["sev-snp"], minimumStake: 1, requirements: stricter))
      let named = try #require(try network.openRegistry().current?.number)
      try await network.waitUntil(within: .seconds(30)) {
        guard let status = await $0.status else { return false }
        return status.registry?.number == named && status.peers.allSatisfy { $0.instance != nil }
      }
      stricter.snp.minimumFirmware[.genoa]?.microcode += 1
      try await network.append(.policy(evidenceKinds: ["sev-snp"], minimumStake: 1, requirements: stricter))
      try await network.waitUntil(within: .seconds(30)) { node in
        let peers = await node.status?.peers ?? []
        return peers.count == 2
          && peers.allSatisfy { $0.instance == nil && (!$0.dials || $0.problem == "evidence-minimum-firmware") }
      }
      user.registry.refresh()
      await #expect(throws: ConnectionFailure.notVerified("evidence-minimum-firmware")) {
        _ = try await ClientPort(to: nodes[0].id, in: user.registry, of: network)
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `T5 two members on one chip are never both linked`() async throws {
    try await Self.run(Self.hardware { $0 == 0 ? 1 : 2 }) { network in
      let first = try #require(await network.nodes.first)
      try await network.waitUntil(within: .seconds(30), of: [first]) { node in
        let peers = await node.status?.peers ?? []
        return peers.filter { $0.instance != nil }.count == 1
          && peers.contains { $0.instance == nil && $0.problem == "platform-in-use" }
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `T5 N verifiers that do not tell chips apart link both`() async throws {
    let careless: TestNetwork.Making = { configuration, given in
      var given = given
      var requirements = EvidenceRequirements()
      requirements.snp.minimumFirmware = [.genoa: TestAMD.firmware]
      given.verifiers = requirements.verifiers(given.vendors.current.knowledge).map(Unseeing.init)
      return try await Node(configuration, given)
    }
    try await Self.run(Self.hardware { $0 == 0 ? 1 : 2 }, make: careless) { network in
      let first = try #require(await network.nodes.first)
      try await network.waitUntil(within: .seconds(30), of: [first]) { node in
        let peers = await node.status?.peers ?? []
        return peers.count == 2 && peers.allSatisfy { $0.instance != nil }
      }
    }
  }
}

/// Does not see which machine evidence is of.
private struct Unseeing: EvidenceVerifier {
  let base: any EvidenceVerifier

  var kind: EvidenceKind { base.kind }

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    var findings = try base.findings(in: evidence, now: now)
    findings.platform = nil
    return findings
  }
}
