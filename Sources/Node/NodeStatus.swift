public import Identifiers
public import PeerLink
public import Wire

/// A node at one moment, for its operator. Nothing secret and nothing of any request is in it.
public struct NodeStatus: Sendable, Hashable {
  public var network: NetworkID
  public var node: NodeID
  public var instance: Instance
  /// Ed25519, 32 bytes.
  public var identityKey: [UInt8]
  /// Whether the network accepts evidence that is not from a TEE; nil without a registry view.
  public var isDevelopment: Bool?
  public var registry: RegistryPosition?
  public var epoch: UInt64?
  /// Why the node serves no requests; nil when it does.
  public var notServing: NotServing?
  public var keys: KeyStatus
  public var peers: [MeshStatus.Peer]
  public var pendingRequests: Int
  public var liveSessions: Int
}

extension NodeStatus {
  /// The body of `GET /status`.
  public var encoded: [UInt8] {
    JSONValue.object([
      JSONMember("network", .text(network)),
      JSONMember("node", .text(node)),
      JSONMember("instance", .text(instance)),
      JSONMember("identityKey", .string(Hex.encode(identityKey))),
      JSONMember("development", isDevelopment.map { .bool($0) } ?? .null),
      JSONMember("registry", registry.map(Self.json) ?? .null),
      JSONMember("epoch", epoch.map { JSONValue($0) } ?? .null),
      JSONMember("ready", .bool(notServing == nil)),
      JSONMember("reason", notServing.map { .string($0.reason) } ?? .null),
      JSONMember("detail", notServing.map { .string($0.detail) } ?? .null),
      JSONMember("keys", keys.json),
      JSONMember("peers", .array(peers.map(Self.json))),
      JSONMember("pendingRequests", JSONValue(pendingRequests)),
      JSONMember("sessions", JSONValue(liveSessions)),
    ]).serialized
  }

  private static func json(_ position: RegistryPosition) -> JSONValue {
    .object([JSONMember("number", JSONValue(position.number)), JSONMember("digest", .text(position.digest))])
  }

  private static func json(_ peer: MeshStatus.Peer) -> JSONValue {
    .object([
      JSONMember("node", .text(peer.node)),
      JSONMember("linked", .bool(peer.link != nil)),
      JSONMember("instance", peer.link.map { .text($0.instance) } ?? .null),
      JSONMember("dials", .bool(peer.dials)),
      JSONMember("problem", peer.lastProblem.map { .string($0) } ?? .null),
    ])
  }
}

extension KeyStatus {
  var json: JSONValue {
    .object([
      JSONMember("state", .string(state.rawValue)),
      JSONMember("attempt", JSONValue(UInt64(attempt))),
      JSONMember("missing", .array(missing.map { .text($0) })),
      JSONMember("certificate", certificate.map { .text($0) } ?? .null),
      JSONMember("registered", .bool(isRegistered)),
      JSONMember("problem", problem.map { .string($0) } ?? .null),
    ])
  }
}
