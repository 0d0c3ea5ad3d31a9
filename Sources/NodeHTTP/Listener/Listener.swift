internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Node

/// A bound port and everybody connected to it.
///
/// It runs in a task of its own, so that it stops when its owner says so and not when everything is told to: an order
/// is kept at the end.
struct Listener: Sendable {
  /// With the port that was chosen.
  let address: ListenAddress
  private let server: Server<HTTPConnectionSetup>
  private let running: Task<Void, any Error>
  private let setup: HTTPConnectionSetup

  /// - Returns: once connections are accepted.
  static func start(at address: ListenAddress, _ setup: HTTPConnectionSetup, logger: Logger) async throws -> Listener {
    let (ports, bound) = AsyncStream.makeStream(of: Int.self)
    let server = Server(
      childChannelSetup: setup,
      configuration: ServerConfiguration(address: .hostname(address.host, port: address.port)),
      onServerRunning: { channel in
        bound.yield(channel.localAddress?.port ?? address.port)
        bound.finish()
      }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    let running = Task.detached {
      defer { bound.finish() }
      try await server.run()
    }
    for await port in ports {
      let bound = ListenAddress(host: address.host, port: port)
      return Listener(address: bound, server: server, running: running, setup: setup)
    }
    running.cancel()
    try await running.value
    throw CancellationError()
  }

  /// Returns when nobody can connect any more, whatever the reason.
  func waitUntilEnded() async {
    _ = await running.result
  }

  /// Stops accepting, lets requests in flight finish within the limit, then cuts who is left.
  func stop() async {
    let limit = setup.limits.drain
    let connections = setup.connections
    let cutting = Task.detached {
      try? await Task.sleep(for: limit)
      if !Task.isCancelled { connections.closeAll() }
    }
    try? await server.shutdownGracefully()
    cutting.cancel()
    running.cancel()
    _ = await running.result
  }
}
