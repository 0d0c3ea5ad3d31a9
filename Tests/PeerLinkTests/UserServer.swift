import Identifiers
import NIOCore
import NIOPosix
@testable import PeerLink
import Synchronization
import Wire

/// A node's client port with a protocol of one line each way: a challenge, and the answer to it.
final class UserServer: Sendable {
  let port: Int
  private let server: NIOAsyncChannel<Connection?, Never>
  private let serving: Task<Void, Never>
  private let connections = Log()

  struct Connection: Sendable {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    let attested: AttestedServerConnection
  }

  final class Log: Sendable {
    private let all = Mutex<[AttestedServerConnection]>([])
    func add(_ connection: AttestedServerConnection) { all.withLock { $0.append(connection) } }
    var connections: [AttestedServerConnection] { all.withLock(\.self) }
  }

  /// - Parameter answering: what is sent instead of the honest answer.
  init(
    _ identity: NodeIdentity, timeout: TimeAmount = .seconds(5),
    answering: @escaping @Sendable (AttestationAnswer) async -> AttestationAnswer = { $0 }
  ) async throws {
    let attested = AttestedServer(identity: identity)
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture { () throws -> Connection? in
          let secured = try attested.secure(channel, timeout: timeout)
          return Connection(
            channel: try NIOAsyncChannel(wrappingChannelSynchronously: channel), attested: secured)
        }
      }
    self.server = server
    port = server.channel.localAddress?.port ?? 0
    serving = Task { [connections] in
      await withDiscardingTaskGroup { group in
        try? await server.executeThenClose { incoming in
          for try await connection in incoming {
            guard let connection else { continue }
            connections.add(connection.attested)
            group.addTask { try? await Self.serve(connection, answering) }
          }
        }
      }
    }
  }

  var connected: [AttestedServerConnection] { connections.connections }

  func stop() async {
    try? await server.channel.close()
    serving.cancel()
    await serving.value
  }

  private static func serve(
    _ connection: Connection, _ answering: @Sendable (AttestationAnswer) async -> AttestationAnswer
  ) async throws {
    try await connection.channel.executeThenClose { inbound, outbound in
      var line: [UInt8] = []
      for try await buffer in inbound {
        line += buffer.readableBytesView
        guard line.last == UInt8(ascii: "\n") else { continue }
        let challenge = try AttestationChallenge(decoding: line.dropLast())
        let answer = await answering(try await connection.attested.answer(challenge))
        try await outbound.write(ByteBuffer(bytes: answer.encoded + [UInt8(ascii: "\n")]))
        line = []
      }
    }
  }
}

extension AttestationChallenge {
  fileprivate init(decoding line: ArraySlice<UInt8>) throws {
    try self.init(decoding: Array(line))
  }
}

/// A user's end of the same protocol.
typealias UserChannel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

func ask(_ challenge: AttestationChallenge, on channel: UserChannel) async throws -> AttestationAnswer {
  try await channel.executeThenClose { inbound, outbound in
    try await outbound.write(ByteBuffer(bytes: challenge.encoded + [UInt8(ascii: "\n")]))
    var line: [UInt8] = []
    for try await buffer in inbound {
      line += buffer.readableBytesView
      if line.last == UInt8(ascii: "\n") { break }
    }
    return try AttestationAnswer(decoding: line.dropLast())
  }
}
