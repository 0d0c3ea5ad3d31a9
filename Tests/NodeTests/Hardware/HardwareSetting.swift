@testable import Attestation
import Foundation
import Identifiers
import Logging
import Membership
import Node
import NodeHTTP
import Secrets
import Signatures

let someMeasurement = HardwareSetting.measurement

/// A network founded for hardware, with a folder for one node, and machines whose chips a test makes.
struct HardwareSetting {
  static let measurement: Attestation.Measurement = {
    do {
      return try Attestation.Measurement(bytes: [UInt8](repeating: 7, count: 48))
    } catch {
      preconditionFailure("48 bytes")
    }
  }()

  let folder: URL
  let founding: FoundingDocument
  let stakers: [EthereumSigningKey]

  init(kinds: [String] = ["sev-snp", "tdx"]) async throws {
    var random = SystemRandom()
    stakers = try (0..<3).map { _ in try EthereumSigningKey(from: &random) }.sorted { $0.address < $1.address }
    folder = FileManager.default.temporaryDirectory.appending(path: "hardware-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var terms = FoundingTerms(
      name: "hardware", evidenceKinds: kinds,
      developmentRoots: kinds.contains("software") ? [DevelopmentRoot().publicKey.bytes] : [], minimumMembers: 2,
      minimumStake: 1, domain: "quorate.test", chainID: 1, maximumSnapshotAgeSeconds: 60,
      stakers: stakers.map { FoundingStaker(address: $0.address, stake: 10) })
    if kinds.contains("sev-snp") {
      terms.measurements = ["sev-snp": [Self.measurement.bytes]]
      terms.requirements.snp.minimumFirmware = [.genoa: TestAMD.firmware]
    }
    founding = try FoundingDocument(terms)
    let clock = SystemClock()
    try await RegistryWriter(storage: RegistryFile(path: registry), clock: clock).found(founding)
  }

  var registry: String { folder.appending(path: "network.json").path }
  var snapshot: MembershipSnapshot { MembershipSnapshot(founding: founding) }

  func configuration(_ attestation: NodeConfiguration.Attestation = .hardware(.init())) -> NodeConfiguration {
    let anywhere = ListenAddress(host: "127.0.0.1", port: 0)
    return NodeConfiguration(
      network: founding.network, node: NodeID(staker: stakers[0].address), registry: .file(registry), data: folder.path,
      attestation: attestation, clientAddress: anywhere, peerAddress: anywhere, adminAddress: anywhere)
  }

  func surroundings(
    _ kernel: FakeKernel, _ configuration: NodeConfiguration? = nil, logger: Logger? = nil
  ) async throws(NodeBootError) -> NodeSurroundings {
    try await NodeSurroundings(
      configuration ?? self.configuration(),
      logger: logger ?? Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusMetrics(),
      kernel: kernel)
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }
}
