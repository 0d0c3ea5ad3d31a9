internal import Attestation
public import Foundation
public import Identifiers
internal import Logging
public import Membership
public import Node
internal import Metrics
internal import NodeHTTP
internal import PeerLink
internal import Signatures
public import Vault

/// One node of a ``TestNetwork``: started, stopped and started again with the same vault.
public actor TestNode {
  public nonisolated let id: NodeID
  public nonisolated let directory: URL
  private nonisolated let network: TestNetwork
  private nonisolated let credentials: SoftwareCredentials
  private var configuration: NodeConfiguration
  public private(set) var node: Node?
  private var running: Task<Void, any Error>?
  private var surroundings: NodeSurroundings?
  /// Changes what the node is given at its next start.
  private var adjust: @Sendable (inout NodeSurroundings) -> Void = { _ in }

  init(_ staker: EthereumSigningKey, in network: TestNetwork, place: Int, limits: NodeLimits) throws {
    id = NodeID(staker: staker.address)
    self.network = network
    directory = network.directory.appending(path: staker.address.text)
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    credentials = try network.root.makeCredentials(now: network.clock.wall)
    let anywhere = ListenAddress(host: "127.0.0.1", port: 0)
    configuration = NodeConfiguration(
      network: network.network, node: id, registry: network.registryPath, data: directory.path,
      attestation: .software(credentials: directory.appending(path: "credentials.pem").path),
      clientAddress: ListenAddress(host: "127.0.0.1", port: 1 + place), peerAddress: anywhere, adminAddress: anywhere,
      limits: limits)
    try credentials.pem.write(
      to: directory.appending(path: "credentials.pem"), atomically: true, encoding: .utf8)
  }

  public func adjust(_ change: @escaping @Sendable (inout NodeSurroundings) -> Void) {
    adjust = change
  }

  public func start() async throws {
    guard node == nil else { return }
    var surroundings = try await NodeSurroundings(
      configuration, logger: network.logger, metrics: PrometheusMetrics(), clock: network.clock)
    adjust(&surroundings)
    let node = try await Node(configuration, surroundings)
    // The port of the first start stays, since the registry names it.
    configuration.peerAddress = try await node.start()
    self.node = node
    self.surroundings = surroundings
    running = Task { try await node.run() }
  }

  /// Stops at once, as an operator in a hurry does.
  public func stop() async {
    await node?.stop()
    _ = await running?.result
    node = nil
    running = nil
    surroundings = nil
  }

  /// Finishes what was begun, then stops.
  public func drainAndStop() async {
    await node?.drain()
    await stop()
  }

  public var status: NodeStatus? {
    get async { await node?.status() }
  }

  public var isReady: Bool { node?.readiness() == .ready }

  public var vault: Vault? { surroundings?.vault }

  public func registration() async throws -> Registration {
    guard let surroundings else { throw TestNetworkError.noKeys }
    return Registration(
      network: network.network, node: id, identityKey: try await NodeIdentityKey.open(in: surroundings.vault),
      peerEndpoint: try Endpoint(host: "127.0.0.1", port: UInt16(clamping: configuration.peerAddress.port)),
      clientEndpoint: try Endpoint(host: "127.0.0.1", port: UInt16(clamping: configuration.clientAddress.port)))
  }
}
