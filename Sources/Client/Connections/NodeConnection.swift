public import Identifiers
public import Membership

/// A connection whose other end proved to be one running instance of one member.
public protocol NodeConnection: Sendable {
  var node: NodeID { get }
  var instance: Instance { get }
  /// Ed25519, 32 bytes, as in the registry.
  var identityKey: [UInt8] { get }
  /// False once the connection is known to be of no more use: closed, or of a node that would not be let in any more.
  var isActive: Bool { get }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer
  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer
  func close() async
}

/// Makes verified connections; nothing unverified ever comes out of it.
public protocol NodeConnector: Sendable {
  /// - Parameter snapshot: what the registry says now; membership and stake are judged by it.
  func connect(
    to member: Member, in snapshot: MembershipSnapshot
  ) async throws(ConnectionFailure) -> any NodeConnection
}
