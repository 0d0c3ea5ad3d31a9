internal import NIOCore
internal import Node

/// How much of a listener's time and memory one sender can have.
struct HTTPLimits: Sendable {
  /// Connections open at the same time: all, and from one address prefix.
  var connections: Int
  var connectionsPerPrefix: Int
  /// Requests one address prefix may send at once, and then per second.
  var requestBurst = 512
  var requestsPerSecond = 128
  /// The same for orders of signatures and decryptions.
  var submissionBurst = 128
  var submissionsPerSecond = 25
  /// Bytes of all request bodies that are held at the same time.
  var bodies = 64 << 20
  /// Proofs being made at the same time.
  var attestations = 32
  /// The same where one report answers many of them.
  var batchedAttestations = 1024
  /// Answers being worked on when the listener stops get this long.
  var drain: Duration
  var deadlines = HTTPDeadlines.Limits()

  init(connections: Int, connectionsPerPrefix: Int, drain: Duration) {
    self.connections = connections
    self.connectionsPerPrefix = connectionsPerPrefix
    self.drain = drain
  }

  /// For the client port.
  init(_ limits: NodeLimits) {
    self.init(
      connections: limits.connections, connectionsPerPrefix: limits.connectionsPerPrefix, drain: limits.drain)
    // Wallets cost nothing, places do: half of what the node does for all is the most it does for one of them.
    submissionBurst = max(1, limits.globalBurst / 2)
    submissionsPerSecond = max(1, limits.globalPerSecond / 2)
  }

  /// For the admin port, where only this machine comes from.
  static var operators: HTTPLimits {
    HTTPLimits(connections: 64, connectionsPerPrefix: 64, drain: .seconds(1))
  }
}
