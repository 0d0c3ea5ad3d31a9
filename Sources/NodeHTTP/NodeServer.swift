internal import Identifiers
public import Logging
public import Node
internal import PeerLink
public import ServiceLifecycle

/// A node and its listeners, from start to a tidy end.
public final class NodeServer: Service {
  private let node: any NodeInterface
  private let configuration: NodeConfiguration
  private let userLimits: HTTPLimits
  private let logger: Logger
  private let metrics: PrometheusMetrics
  private let addresses = Announcement<BoundAddresses>()

  /// Boots the node that the configuration describes: opens its vault, makes its keys and gets evidence for them.
  ///
  /// - Parameters:
  ///   - logger: the only output.
  ///   - metrics: what the admin port shows.
  public convenience init(
    configuration: NodeConfiguration, logger: Logger, metrics: PrometheusMetrics
  ) async throws(NodeBootError) {
    let surroundings = try await NodeSurroundings(configuration, logger: logger, metrics: metrics)
    self.init(
      node: try await Node(configuration, surroundings), configuration: configuration, logger: logger,
      metrics: metrics)
  }

  /// - Parameters:
  ///   - node: one that was not started yet.
  ///   - metrics: what the admin port shows.
  public convenience init(
    node: any NodeInterface, configuration: NodeConfiguration, logger: Logger, metrics: PrometheusMetrics
  ) {
    self.init(
      node: node, configuration: configuration, userLimits: HTTPLimits(configuration.limits), logger: logger,
      metrics: metrics)
  }

  init(
    node: any NodeInterface, configuration: NodeConfiguration, userLimits: HTTPLimits, logger: Logger,
    metrics: PrometheusMetrics
  ) {
    self.node = node
    self.configuration = configuration
    self.userLimits = userLimits
    self.logger = logger
    self.metrics = metrics
  }

  /// Waits until all three ports are bound.
  /// - Throws: why they never will be.
  public var boundAddresses: BoundAddresses {
    get async throws { try await addresses.value }
  }

  /// Serves until a graceful shutdown or cancellation, then in this order: takes no new requests, lets those in flight
  /// finish within the limit, stops the node, stops answering its operator.
  ///
  /// To be called once.
  /// - Throws: when the node or a listener fails.
  public func run() async throws {
    do {
      try await serve()
      await addresses.make(.failure(NodeServerFailure.stopped))
    } catch {
      await addresses.make(.failure(error))
      throw error
    }
  }

  private func serve() async throws {
    guard configuration.adminAddress.isLoopback else { throw NodeServerFailure.adminAddressNotLoopback }
    let peer = try await node.start()
    // The node runs in a task of its own: cancelling this one must not cut requests that can still be finished.
    let life = Task.detached { [node] in try await node.run() }
    do {
      let admin = try await Listener.start(at: configuration.adminAddress, operatorSetup, logger: logger)
      do {
        let client = try await Listener.start(at: configuration.clientAddress, userSetup, logger: logger)
        let bound = BoundAddresses(client: client.address, peer: peer, admin: admin.address)
        logger.notice(
          "listening",
          metadata: ["client": "\(bound.client)", "peer": "\(bound.peer)", "admin": "\(bound.admin)"])
        await addresses.make(.success(bound))
        let ending = await firstEnding(life, client, admin)
        await stop(life, client)
        await admin.stop()
        if ending != .asked { throw NodeServerFailure.ended(ending.rawValue) }
      } catch {
        await admin.stop()
        throw error
      }
    } catch {
      await node.stop()
      // What the node itself has to say explains more.
      try await life.value
      throw error
    }
    try await life.value
  }

  private func stop(_ life: Task<Void, any Error>, _ client: Listener) async {
    logger.notice("stopping")
    // At the same time, so that nobody connects any more while the node finishes what it has taken.
    async let drained: Void = node.drain()
    await client.stop()
    await drained
    await node.stop()
    _ = await life.result
    logger.notice("stopped")
  }

  private enum Ending: String, Sendable {
    case asked
    case node
    case clientListener = "client listener"
    case adminListener = "admin listener"
  }

  /// Waits until this service is told to stop, or something ends that should not.
  private func firstEnding(_ life: Task<Void, any Error>, _ client: Listener, _ admin: Listener) async -> Ending {
    let (endings, ended) = AsyncStream.makeStream(of: Ending.self)
    // What these wait for ends at the latest when everything is stopped.
    Task.detached {
      _ = await life.result
      ended.yield(.node)
    }
    Task.detached {
      await client.waitUntilEnded()
      ended.yield(.clientListener)
    }
    Task.detached {
      await admin.waitUntilEnded()
      ended.yield(.adminListener)
    }
    return await withTaskCancellationOrGracefulShutdownHandler {
      for await ending in endings { return ending }
      return .asked
    } onCancelOrGracefulShutdown: {
      ended.yield(.asked)
    }
  }
}

extension NodeServer {
  private var userSetup: HTTPConnectionSetup {
    let clock = SystemClock()
    let metrics = HTTPMetrics(factory: metrics, listener: "client")
    let connections = OpenConnections(limits: userLimits, clock: clock)
    let routes = UserRoutes(
      node: node, limits: userLimits, connections: connections, clock: clock, metrics: metrics, logger: logger)
    return HTTPConnectionSetup(
      tls: AttestedServer(identity: node.identity), limits: userLimits, connections: connections, metrics: metrics,
      respond: { await routes.respond(to: $0, on: $1) })
  }

  private var operatorSetup: HTTPConnectionSetup {
    let routes = OperatorRoutes(node: node, metrics: metrics)
    return HTTPConnectionSetup(
      tls: nil, limits: .operators, connections: OpenConnections(limits: .operators, clock: SystemClock()),
      metrics: HTTPMetrics(factory: metrics, listener: "admin"),
      respond: { request, _ in await routes.respond(to: request) })
  }
}

/// Why a node's process ends without having been told to.
public enum NodeServerFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case adminAddressNotLoopback
  /// Something ended by itself; the text names it.
  case ended(String)
  /// There are no addresses: the server has stopped.
  case stopped

  public var description: String {
    switch self {
    case .adminAddressNotLoopback: "The admin address must be a loopback address."
    case .ended(let part): "The \(part) ended by itself."
    case .stopped: "The node has stopped."
    }
  }
}
