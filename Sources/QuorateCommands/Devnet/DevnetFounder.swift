import Attestation
import Identifiers
import LoopbackPorts
import Membership
import Node
import Secrets
import Signatures
import Vault

/// Sets a development network up: stakers, development root, founding document, nodes, and the first updates signed by
/// the stakers.
struct DevnetFounder: Sendable {
  static let nodeCounts = 3...32
  static let chainID: UInt64 = 31_337
  static let domain = "quorate.localhost"

  let layout: DevnetLayout
  let clock: any LocalClock
  /// Of every node.
  var limits = NodeLimits()
  /// What actions may reach on this machine.
  var endpoints: [Endpoint] = []

  struct Founded: Sendable {
    var network: NetworkID
    var snapshot: MembershipSnapshot
    var measurement: Measurement
  }

  func found(nodes count: Int, measurement: Measurement, step: (String) -> Void) async throws -> Founded {
    try checkEmpty(nodes: count)
    try makeFolders()
    step("stakers")
    let stakers = try makeStakers(count)
    let root = try makeRoot()

    step("founding document")
    let writer = RegistryWriter(storage: RegistryFile(path: layout.registry), clock: clock)
    let founding = try FoundingDocument(terms(stakers, root.publicKey))
    try await writer.found(founding)

    step("nodes")
    let network = founding.network
    let members = try await makeNodes(stakers, root, network, .file(layout.registry))
      .map { Member(registration: $0, stake: 1) }.sorted { $0.node < $1.node }

    step("registrations")
    _ = try await writer.append(.members(members), to: network, signedBy: stakers)
    let allowed = [FoundingDocument.developmentEvidenceKind: Set([measurement.bytes])]
    let snapshot = try await writer.append(.measurements(allowed), to: network, signedBy: stakers)
    return Founded(network: network, snapshot: snapshot, measurement: measurement)
  }

  func terms(_ stakers: [EthereumSigningKey], _ root: DevelopmentRootKey) -> FoundingTerms {
    var terms = FoundingTerms(
      name: "development network", evidenceKinds: [FoundingDocument.developmentEvidenceKind],
      developmentRoots: [root.bytes], minimumMembers: stakers.count, minimumStake: 1, domain: Self.domain,
      chainID: Self.chainID, maximumSnapshotAgeSeconds: 30,
      stakers: stakers.map { FoundingStaker(address: $0.address, stake: 1) })
    terms.developmentEndpoints = endpoints
    return terms
  }
}

/// The parts, in their order, whatever registry the network has.
extension DevnetFounder {
  func checkEmpty(nodes count: Int) throws(CommandFailure) {
    guard Self.nodeCounts.contains(count) else {
      throw CommandFailure(
        .badInput, "a development network has \(Self.nodeCounts.lowerBound) to \(Self.nodeCounts.upperBound) nodes")
    }
    guard !PrivateFile.exists(layout.registry) else {
      throw CommandFailure(
        .alreadyExists, "\(layout.folder) holds a network already",
        advice: "choose another folder, or start it: quorate devnet up \(layout.folder)")
    }
  }

  func makeFolders() throws(CommandFailure) {
    for folder in [layout.folder, layout.stakers, layout.nodes] { try PrivateFile.createFolder(folder) }
  }

  func makeStakers(_ count: Int) throws(CommandFailure) -> [EthereumSigningKey] {
    try (1...count).map { (number) throws(CommandFailure) in try WalletFile.create(at: layout.stakerWallet(number)) }
  }

  func makeRoot() throws(CommandFailure) -> DevelopmentRoot {
    let root = DevelopmentRoot()
    try PrivateFile.write(Array(root.pem.utf8), to: layout.developmentRoot, overwriting: false)
    return root
  }

  /// Configurations, credentials and identity keys.
  func makeNodes(
    _ stakers: [EthereumSigningKey], _ root: DevelopmentRoot, _ network: NetworkID, _ registry: RegistryAccess
  ) async throws -> [Registration] {
    var registrations: [Registration] = []
    guard let ports = try? FreePorts.find(3 * stakers.count) else {
      throw CommandFailure(
        .processProblem, "too few free ports on 127.0.0.1", advice: "see who listens: ss -ltnp")
    }
    for (place, staker) in stakers.enumerated() {
      let node = layout.node(place + 1)
      let configuration = try configure(
        node, NodeID(staker: staker.address), network, registry, ports: Array(ports[3 * place..<3 * place + 3]))
      try PrivateFile.write(
        Array(root.makeCredentials(now: clock.wall).pem.utf8), to: node.credentials, overwriting: false)
      registrations.append(try await NodePreparation(configuration).registration())
    }
    return registrations
  }

  private func configure(
    _ node: NodeFolder, _ id: NodeID, _ network: NetworkID, _ registry: RegistryAccess, ports: [UInt16]
  ) throws -> NodeConfiguration {
    for folder in [node.path, node.data] { try PrivateFile.createFolder(folder) }
    let addresses = ports.map { ListenAddress(host: "127.0.0.1", port: Int($0)) }
    let configuration = NodeConfiguration(
      network: network, node: id, registry: registry, data: node.data,
      attestation: .software(credentials: node.credentials), clientAddress: addresses[0], peerAddress: addresses[1],
      adminAddress: addresses[2], limits: limits)
    try PrivateFile.write(configuration.encoded, to: node.configuration, overwriting: false)
    return configuration
  }
}
