internal import Attestation
public import Foundation
public import Identifiers
internal import Logging
internal import LoopbackPorts
public import Membership
public import Node
public import NodeHTTP
internal import PeerLink
internal import Signatures
public import Vault

/// One node of a ``TestNetwork``: started, stopped and started again with the same vault and ports.
public actor TestNode {
  public nonisolated let id: NodeID
  public nonisolated let directory: URL
  private nonisolated let network: TestNetwork
  private var configuration: NodeConfiguration
  public private(set) var node: Node?
  /// Of the present or the last life.
  public private(set) var metrics = PrometheusMetrics()
  public private(set) var addresses: BoundAddresses?
  private var running: Task<Void, any Error>?
  private var surroundings: NodeSurroundings?
  /// Changes what the node is given at its next start.
  private var adjust: @Sendable (inout NodeSurroundings) -> Void = { _ in }
  private var make: TestNetwork.Making
  /// Of its machine, where it has hardware.
  private let kernel: (any KernelInterface)?

  init(
    _ staker: EthereumSigningKey, at place: Int, in network: TestNetwork, limits: NodeLimits,
    make: @escaping TestNetwork.Making
  ) throws {
    self.make = make
    kernel = network.hardware?.kernel(place)
    id = NodeID(staker: staker.address)
    self.network = network
    directory = network.directory.appending(path: staker.address.text)
    let credentials = directory.appending(path: "credentials.pem")
    let ports = try FreePorts.find(2).map { ListenAddress(host: "127.0.0.1", port: Int($0)) }
    configuration = NodeConfiguration(
      network: network.network, node: id, registry: network.access, data: directory.path,
      attestation: kernel == nil ? .software(credentials: credentials.path) : .hardware(HardwareAttestation()),
      clientAddress: ports[0], peerAddress: ports[1],
      adminAddress: ListenAddress(host: "127.0.0.1", port: 0), limits: limits)
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try network.root.makeCredentials(now: network.clock.wall).pem
      .write(to: credentials, atomically: true, encoding: .utf8)
  }

  /// For the next start: a clock, a registry, a vault of the test's own.
  public func adjust(_ change: @escaping @Sendable (inout NodeSurroundings) -> Void) {
    adjust = change
  }

  /// For the next start: another node than the real one, or the real one in parts.
  public func make(by make: @escaping TestNetwork.Making) {
    self.make = make
  }

  public func start() async throws {
    guard node == nil else { return }
    metrics = PrometheusMetrics()
    var surroundings = try await NodeSurroundings(
      configuration, logger: network.logger, metrics: metrics, clock: network.clock,
      kernel: kernel ?? LinuxKernel())
    if let hardware = network.hardware { surroundings.vendors = hardware.vendors }
    surroundings.examineSandbox = network.examineSandbox
    adjust(&surroundings)
    let node = try await make(configuration, surroundings)
    let server = NodeServer(node: node, configuration: configuration, logger: network.logger, metrics: metrics)
    running = Task { try await server.run() }
    let bound = try await server.boundAddresses
    addresses = bound
    self.node = node
    self.surroundings = surroundings
  }

  /// Stops without finishing what was begun.
  public func stop() async {
    await node?.stop()
    await ended()
  }

  /// Stops as a process does that is asked to: finishes what was begun.
  public func shutDown() async {
    running?.cancel()
    await ended()
  }

  private func ended() async {
    _ = await running?.result
    node = nil
    running = nil
    surroundings = nil
  }

  public var status: NodeStatus? {
    get async { await node?.status() }
  }

  public var isReady: Bool { node?.readiness() == .ready }

  /// What the node knows of the registry.
  public var membership: (any MembershipSource)? { surroundings?.membership }

  public var vault: Vault? { surroundings?.vault }

  public func registration() async throws -> Registration {
    guard let surroundings else { throw TestNetworkError.noKeys }
    return Registration(
      network: network.network, node: id, identityKey: try await NodeIdentityKey.open(in: surroundings.vault),
      peerEndpoint: try Self.endpoint(configuration.peerAddress),
      clientEndpoint: try Self.endpoint(configuration.clientAddress))
  }

  private static func endpoint(_ address: ListenAddress) throws -> Endpoint {
    try Endpoint(host: address.host, port: UInt16(clamping: address.port))
  }
}
