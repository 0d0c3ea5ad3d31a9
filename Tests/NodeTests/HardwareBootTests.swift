@testable import Attestation
import Foundation
import Identifiers
import Membership
@testable import Node
import NodeTestKit
import PeerLink
import Signatures
import Testing
import Transcripts
import Vault
import Wire

/// How a node comes to evidence, and to a key that seals its vault, on machines whose kernel a test plays.
@Suite struct HardwareBootTests {
  private static let nothing = FakeKernel { _ in }
  private static let anywhere = ListenAddress(host: "127.0.0.1", port: 0)

  private func refusal(_ body: () async throws -> some Any) async -> NodeBootError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? NodeBootError
    }
  }

  @Test func `the machine and the network's policy decide what a node proves itself with`() async throws {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    func kind(_ kernel: FakeKernel) throws -> EvidenceKind {
      try NodeAttester.find(.hardware(.init()), setting.snapshot, kernel: kernel, clock: SystemClock()).kind
    }
    #expect(try kind(FakeKernel { $0.provider = "tdx_guest" }) == .tdx)
    #expect(try kind(FakeKernel { $0.hasGuestDevice = true }) == .sevSNP)
    let enclave = FakeKernel { $0.hasSecurityModule = true }
    #expect(
      await refusal { try kind(enclave) }
        == .attestation(
          """
          this network takes evidence of sev-snp, tdx; no trusted execution environment: \
          /sys/kernel/config/tsm/report is not there; /dev/sev-guest is not there; \
          /dev/nsm gives nitro evidence, which the network does not accept
          """))
  }

  @Test func `T4 a node of a network of hardware does not start with software, nor without a machine`() async throws {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    let software = setting.configuration(.software(credentials: "/nowhere"))
    #expect(
      await refusal { try await setting.surroundings(Self.nothing, software) }
        == .attestation("this network takes evidence of sev-snp, tdx only, and none of software"))
    guard case .attestation(let reason) = await refusal({ try await setting.surroundings(Self.nothing) }) else {
      Issue.record("started")
      return
    }
    #expect(reason.contains("no trusted execution environment") && reason.contains("/dev/nsm is not there"))
    #expect(!FileManager.default.fileExists(atPath: setting.configuration().vaultPath))
  }

  @Test func `T4 N in a network that takes software too, the same node starts with it`() async throws {
    let setting = try await HardwareSetting(kinds: ["sev-snp", "software"])
    defer { setting.remove() }
    let path = setting.folder.appending(path: "attester.pem").path
    try DevelopmentRoot().makeCredentials(now: SystemClock().wall).pem
      .write(toFile: path, atomically: true, encoding: .utf8)
    let configuration = setting.configuration(.software(credentials: path))
    let surroundings = try await setting.surroundings(Self.nothing, configuration)
    #expect(surroundings.attester.kind == .software)
    await surroundings.vault.close()
    guard case .attestation = await refusal({ try await setting.surroundings(Self.nothing) }) else {
      Issue.record("hardware was found where there is none")
      return
    }
  }

  @Test func `a node with hardware boots, proves itself by it and has its identity again after a restart`() async throws
  {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    let amd = try TestAMD()
    let kernel = try FakeKernel.snp(amd, through: .device)
    var keys: Set<[UInt8]> = []
    for _ in 0..<2 {
      let surroundings = try await setting.surroundings(kernel)
      let node = try await Node(setting.configuration(), surroundings)
      let certificate = try UnverifiedNodeCertificate(der: node.identity.certificate.der)
      let knowledge = VendorKnowledge(roots: EvidenceRoots(amd: [amd.authority], intel: [], nitro: []))
      let verified = try setting.snapshot.attestationPolicy(knowledge).verify(certificate, now: SystemClock().wall)
      #expect(verified.evidence.kind == .sevSNP && !verified.evidence.isDevelopment)
      #expect(node.identity.answersInBatches)
      let status = await node.status()
      #expect(status.evidence == "sev-snp" && status.memory == .sealed && !status.isDevelopment)
      keys.insert(status.identityKey)
      await surroundings.vault.close()
    }
    #expect(keys.count == 1)
  }

  @Test func `where nothing seals, nothing is written, and every start is a new identity to be registered`()
    async throws
  {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    let kernel = try FakeKernel.snp(try TestAMD(), through: .reports)
    let log = LogCapture()
    var keys: Set<[UInt8]> = []
    let outside = AdvertisedEndpoints(
      client: try Endpoint(host: "node.example", port: 443), peer: try Endpoint(host: "node.example", port: 7100))
    for advertised in [nil, outside] {
      let surroundings = try await setting.surroundings(kernel, logger: log.logger(label: "node"))
      #expect(surroundings.memory == .peers(reason: "/dev/sev-guest is not there"))
      var configuration = setting.configuration()
      configuration.clientAddress.port = 7000
      configuration.advertised = advertised
      let node = try await Node(configuration, surroundings)
      _ = try await node.start()
      keys.insert(await node.status().identityKey)
      let running = Task { try await node.run() }
      await node.stop()
      _ = await running.result
    }
    #expect(keys.count == 2)
    #expect(!FileManager.default.fileExists(atPath: setting.configuration().vaultPath))
    let registrations = log.lines.filter { $0.contains("has to be registered") }
    #expect(registrations.count == 2)
    #expect(registrations.first?.contains("127.0.0.1:7000") == true)
    #expect(registrations.last?.contains("node.example:443") == true)
    #expect(registrations.last?.contains("node.example:7100") == true)
    #expect(RestartMemory.peers(reason: "x").problemWithoutShares.contains("would come from peers"))
  }

  @Test func `O8 a vault does not open for other code, another chip or another node`() async throws {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    let amd = try TestAMD()
    let kernel = try FakeKernel.snp(amd, through: .device)
    let (vault, memory) = try setting.configuration().openVault(kind: .sevSNP, kernel: kernel)
    let key = try await NodeIdentityKey.open(in: vault).publicKey
    #expect(memory == .sealed)
    await vault.close()
    // Another measurement, policy or chip makes another derived key.
    let other = try FakeKernel.snp(amd, through: .device) { $0.derivedKey[0] ^= 1 }
    var elsewhere = setting.configuration()
    elsewhere.node = NodeID(staker: setting.stakers[1].address)
    #expect(
      await refusal { try setting.configuration().openVault(kind: .sevSNP, kernel: other) } == .vault(.manifestRefused))
    #expect(await refusal { try elsewhere.openVault(kind: .sevSNP, kernel: kernel) } == .vault(.manifestRefused))
    let (again, _) = try setting.configuration().openVault(kind: .sevSNP, kernel: kernel)
    #expect(try await NodeIdentityKey.open(in: again).publicKey == key)
    await again.close()
  }

  @Test func `O8 N a key in a file beside the vault opens it for any code`() async throws {
    let setting = try await HardwareSetting(kinds: ["sev-snp", "software"])
    defer { setting.remove() }
    let configuration = setting.configuration(.software(credentials: "unused"))
    let (vault, _) = try configuration.openVault(kind: .software, kernel: Self.nothing)
    let key = try await NodeIdentityKey.open(in: vault).publicKey
    await vault.close()
    let other = try FakeKernel.snp(try TestAMD(), through: .device) { $0.derivedKey[0] ^= 1 }
    let (again, _) = try configuration.openVault(kind: .software, kernel: other)
    #expect(try await NodeIdentityKey.open(in: again).publicKey == key)
    await again.close()
  }

  @Test func `a key of a provider's many chips seals nothing, and a chip that fails stops the node`() async throws {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    let amd = try TestAMD()
    let shared = try FakeKernel.snp(amd, through: .device, provider: "CN=cc-test.example")
    let (vault, memory) = try setting.configuration().openVault(kind: .sevSNP, kernel: shared)
    #expect(memory == .peers(reason: "reports here are not signed by a key of the chip"))
    await vault.close()
    let failing = try FakeKernel.snp(amd, through: .device) { $0.statuses = [(0, 0), (0x16, 0)] }
    guard
      case .attestation(let reason) = await refusal({
        try setting.configuration().openVault(kind: .sevSNP, kernel: failing)
      })
    else {
      Issue.record("opened")
      return
    }
    #expect(reason == "no sealing key: the firmware refuses with status 0x16")
    let (quoting, other) = try setting.configuration().openVault(kind: .tdx, kernel: Self.nothing)
    #expect(other == .peers(reason: "tdx has no key that seals"))
    await quoting.close()
  }

  @Test func `a configuration names hardware, a certificate for it and a level`() throws {
    func configuration(_ attestation: NodeConfiguration.Attestation) -> NodeConfiguration {
      NodeConfiguration(
        network: .zero, node: .zero, registry: .file("r"), data: "d", attestation: attestation,
        clientAddress: Self.anywhere,
        peerAddress: Self.anywhere, adminAddress: Self.anywhere)
    }
    let whole = configuration(.hardware(HardwareAttestation(certificate: "c.der", privilegeLevel: 1)))
    let (bare, software) = (configuration(.hardware(.init())), configuration(.software(credentials: "c")))
    for one in [whole, bare, software] { #expect(try NodeConfiguration(decoding: one.encoded) == one) }
    #expect(String(decoding: bare.encoded, as: UTF8.self).contains(#""attestation":{"hardware":{}}"#))
    #expect(Set([whole, bare, software].map(\.digest)).count == 3)
    // A certificate is a place on this machine.
    #expect(configuration(.hardware(HardwareAttestation(privilegeLevel: 1))).digest == whole.digest)
    for (wrong, name) in [
      (#""hardware":{"privilegeLevel":4}"#, FormatError.invalid("privilegeLevel")),
      (#""hardware":{"provider":"tdx"}"#, .unexpectedMember), (#""hardware":{},"software":"c""#, .unexpectedMember),
    ] {
      let text = String(decoding: bare.encoded, as: UTF8.self).replacing(#""hardware":{}"#, with: wrong)
      #expect(throws: name) { try NodeConfiguration(decoding: Array(text.utf8)) }
    }
  }

  @Test func `a file that is no certificate of such a key stops the node`() async throws {
    let setting = try await HardwareSetting()
    defer { setting.remove() }
    let path = setting.folder.appending(path: "vcek.der").path
    let configuration = setting.configuration(.hardware(HardwareAttestation(certificate: path)))
    let amd = try TestAMD()
    let kernel = try FakeKernel.snp(amd, through: .device, certificates: [])
    #expect(
      await refusal { try await setting.surroundings(kernel, configuration) } == .attestation("\(path) cannot be read"))
    try Data([1, 2, 3]).write(to: URL(filePath: path))
    #expect(
      await refusal { try await setting.surroundings(kernel, configuration) }
        == .attestation("\(path) is not the certificate of a key that signs SEV-SNP reports"))
    try Data(amd.endorsement()).write(to: URL(filePath: path))
    let surroundings = try await setting.surroundings(kernel, configuration)
    #expect(try await surroundings.attester.evidence(over: ReportData(.live, [[1]])).kind == .sevSNP)
    await surroundings.vault.close()
  }
}
