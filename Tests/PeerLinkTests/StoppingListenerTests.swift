import Identifiers
import NIOCore
import NIOPosix
@testable import PeerLink
import Testing

extension Loopback {
  @Suite struct StoppingListenerTests {
    /// More than the mesh takes over while it stops.
    private static let callers = 64

    @Test func `whoever comes while a node stops is not left waiting`() async throws {
      for _ in 0..<8 {
        let node = try await TestNetwork().node(2)
        let port = node.port
        let arriving = Task {
          await withTaskGroup(of: (any Channel)?.self) { group in
            for _ in 0..<Self.callers { group.addTask { try? await Self.call(port) } }
            return await group.reduce(into: [any Channel]()) { channels, channel in
              // Once nobody listens the system may connect a caller with itself.
              guard let channel, channel.localAddress != channel.remoteAddress else { return }
              channels.append(channel)
            }
          }
        }
        await node.mesh.stop()
        let channels = await arriving.value
        try await eventually("all are closed") { channels.allSatisfy { !$0.isActive } }
      }
    }

    /// Someone who connects and says nothing.
    private static func call(_ port: Int) async throws -> any Channel {
      try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port).get()
    }
  }
}
