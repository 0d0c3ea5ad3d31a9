public import Attestation
public import Foundation
public import Identifiers
public import Logging
public import Membership
public import Node
internal import PeerLink
internal import Secrets
public import Signatures

/// A whole network in one process: nodes on loopback, a registry file, stakers whose keys are at hand.
///
/// Everything is the real thing but the attester, which is the software one of development networks, or hardware that a
/// test plays.
public actor TestNetwork {
  public nonisolated let directory: URL
  public nonisolated let founding: FoundingDocument
  public nonisolated let clock: any LocalClock
  public nonisolated let root: DevelopmentRoot
  /// In the order of their addresses, as nodes are.
  public nonisolated let stakers: [EthereumSigningKey]
  public private(set) var nodes: [TestNode] = []
  private var registered: [Member] = []
  private var listed: Range<Int>?
  nonisolated let logger: Logger
  nonisolated let hardware: TestHardware?
  /// The chain the registry is on; nil for a file.
  public nonisolated let chain: TestChain?
  private nonisolated let writer: RegistryWriter
  private let limits: NodeLimits
  private let make: Making

  nonisolated let examineSandbox: SandboxExamination?

  /// How a node comes from what it is given.
  public typealias Making = @Sendable (NodeConfiguration, NodeSurroundings) async throws -> Node

  /// - Parameters:
  ///   - count: of nodes; their files are removed with ``remove()``.
  ///   - examineSandbox: for networks that run actions; each node's workers cost memory.
  ///   - hardware: what the network is founded for; nil for software.
  ///   - depth: puts the registry onto a chain of its own, on whose blocks so many others must lie before they count.
  ///   - make: for nodes that are weaker than real ones.
  public init(
    count: Int, limits: NodeLimits = NodeLimits(), clock: any LocalClock = SystemClock(),
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    examineSandbox: SandboxExamination? = nil, hardware: TestHardware? = nil,
    onChain depth: UInt64? = nil, make: @escaping Making = { try await Node($0, $1) }
  ) async throws {
    self.make = make
    self.examineSandbox = examineSandbox
    var random = SystemRandom()
    let stakers = try (0..<count).map { _ in try EthereumSigningKey(from: &random) }
      .sorted { $0.address < $1.address }
    let root = DevelopmentRoot()
    let directory = FileManager.default.temporaryDirectory.appending(path: "network-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var terms = FoundingTerms(
      name: "test", evidenceKinds: [hardware?.kind.text ?? "software"],
      developmentRoots: hardware == nil ? [root.publicKey.bytes] : [], minimumMembers: 2, minimumStake: 1,
      domain: "quorate.test", chainID: 1, maximumSnapshotAgeSeconds: 10,
      stakers: stakers.map { FoundingStaker(address: $0.address, stake: 10) })
    if let hardware { terms.requirements = hardware.requirements }
    let parts = try depth.map { try TestChain.Parts(depth: $0) }
    if let parts {
      terms.registry = .chain(parts.terms)
      terms.chainID = parts.terms.chainID
      terms.minimumMembers = 3
    }
    let founding = try FoundingDocument(terms)
    let writer = RegistryWriter(
      storage: RegistryFile(path: directory.appending(path: "network.json").path), clock: clock)
    try await writer.found(founding)
    if let parts {
      chain = try await TestChain(parts, founding: founding, stakers: stakers, clock: clock)
    } else {
      chain = nil
    }
    self.writer = writer
    self.founding = founding
    self.hardware = hardware
    self.root = root
    self.stakers = stakers
    self.directory = directory
    self.clock = clock
    self.logger = logger
    self.limits = limits
  }

  /// How a node gets at the registry.
  nonisolated var access: RegistryAccess {
    chain.map { .chain(document: registryPath, $0.endpoints) } ?? .file(registryPath)
  }

  public nonisolated var registryPath: String { directory.appending(path: "network.json").path }
  public nonisolated var network: NetworkID { founding.network }

  /// What nodes and users expect of members, as their own view of the registry says.
  nonisolated func directory(_ registry: any MembershipSource) -> MembershipDirectory {
    MembershipDirectory(registry, vendors: hardware?.vendors ?? FixedKnowledge())
  }

  /// Starts every node and lists them all as members.
  public func start() async throws {
    try await start(listing: 0..<stakers.count) { _ in }
  }

  /// Starts every node and lists some of them as members.
  ///
  /// - Parameter meanwhile: done while all nodes run and none is a member yet.
  public func start<Value: Sendable>(
    listing places: Range<Int>, _ meanwhile: @Sendable ([TestNode]) async throws -> Value
  ) async throws -> Value {
    for (place, staker) in stakers.enumerated() {
      nodes.append(try TestNode(staker, at: place, in: self, limits: limits, make: make))
    }
    for node in nodes { try await node.start() }
    try await append(
      .measurements([
        hardware?.kind.text ?? "software": [try hardware?.measurement.bytes ?? Measurement.ofRunningExecutable().bytes]
      ]))
    for node in nodes { registered.append(Member(registration: try await node.registration(), stake: 10)) }
    let value = try await meanwhile(nodes)
    try await list(places)
    return value
  }

  /// Makes these of the nodes the members.
  public func list(_ places: Range<Int>) async throws {
    // Before there are members all stakers sign, afterwards those of the members.
    try await append(.members(places.map { registered[$0] }), signedBy: listed.map { Array(stakers[$0]) })
    listed = places
  }

  /// Waits until every node has the keys of the epoch, and has the stakers name the key certificate.
  ///
  /// - Parameter places: of the members, where not every node is one.
  public func generateKeys(within limit: Duration = .seconds(60), at places: Range<Int>? = nil) async throws {
    let members = places.map { Array(nodes[$0]) } ?? nodes
    try await waitUntil(within: limit, of: members) { await $0.status?.keys.certificate != nil }
    guard let digest = await nodes.first?.status?.keys.certificate else { throw TestNetworkError.noKeys }
    // On a chain nobody but members votes.
    let voters = chain == nil ? nil : listed.map { Array(stakers[$0]) }
    try await append(.keyCertificate(epoch: 1, digest: digest), signedBy: voters)
    try await waitUntil(within: limit, of: members) { await $0.isReady }
  }

  /// Appends an update with all stakers' signatures, or those of the wallets given.
  public func append(_ change: RegistryChange, signedBy wallets: [EthereumSigningKey]? = nil) async throws {
    if let chain { return try await chain.enter(change, signedBy: wallets ?? stakers) }
    _ = try await writer.append(change, to: network, signedBy: wallets ?? stakers)
  }

  /// Waits until a condition holds at every node.
  public func waitUntil(
    within limit: Duration, of some: [TestNode]? = nil, _ condition: @Sendable (TestNode) async -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + limit
    for node in some ?? nodes {
      while await !condition(node) {
        guard ContinuousClock.now < deadline else { throw TestNetworkError.timedOut(node.id, await node.status?.keys) }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  public func stop() async {
    for node in nodes { await node.stop() }
  }

  public func remove() async {
    chain?.end()
    await stop()
    try? FileManager.default.removeItem(at: directory)
  }

  /// A registry reader of its own, as a user has.
  public nonisolated func openRegistry() throws -> NetworkReader {
    if let chain { return .chain(try chain.reader()) }
    return .file(
      try FileRegistry(storage: RegistryFile(path: registryPath), network: network, clock: clock))
  }
}

public enum TestNetworkError: Error, Sendable {
  case noKeys
  case timedOut(NodeID, NodeStatus.Keys?)
}
