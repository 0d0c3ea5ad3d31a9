internal import Identifiers
internal import Node
internal import Wire

extension NodeStatus {
  /// The version of the node's program.
  static let version = "1"

  /// The body of `GET /status`.
  var json: JSONValue {
    .object([
      JSONMember("network", .text(network)),
      JSONMember("node", .text(node)),
      JSONMember("instance", .text(instance)),
      JSONMember("identityKey", .string(Hex.encode(identityKey))),
      JSONMember("development", .bool(isDevelopment)),
      JSONMember("evidence", .string(evidence)),
      JSONMember("memory", .string(memory.name)),
      JSONMember("version", .string(Self.version)),
      JSONMember("registry", registry.map(\.json) ?? .null),
      JSONMember("epoch", epoch.map { JSONValue($0) } ?? .null),
      JSONMember("ready", .bool(readiness == .ready)),
      JSONMember("reason", readiness.reason.map { .string($0) } ?? .null),
      JSONMember("keys", keys.json),
      JSONMember("pairSetups", pairSetups.json),
      JSONMember("actions", actions.json),
      JSONMember("peers", .array(peers.map(\.json))),
      JSONMember("pendingRequests", JSONValue(pendingRequests)),
      JSONMember("sessions", JSONValue(sessions)),
    ])
  }
}

extension NodeReadiness {
  fileprivate var reason: String? {
    switch self {
    case .ready: nil
    case .notReady(let reason, _): reason
    }
  }
}

extension RegistryPosition {
  fileprivate var json: JSONValue {
    .object([JSONMember("number", JSONValue(number)), JSONMember("digest", .text(digest))])
  }
}

extension NodeStatus.Keys {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("state", .string(state.rawValue)),
      JSONMember("attempt", JSONValue(attempt)),
      JSONMember("missing", .array(missing.map { .text($0) })),
      JSONMember("certificate", certificate.map { .text($0) } ?? .null),
      JSONMember("registered", .bool(isRegistered)),
      JSONMember("problem", problem.map { .string($0) } ?? .null),
    ])
  }
}

extension NodeStatus.PairSetups {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("total", JSONValue(total)), JSONMember("ready", JSONValue(ready)),
      JSONMember("making", JSONValue(making)), JSONMember("backingOff", JSONValue(backingOff)),
    ])
  }
}

extension NodeStatus.Actions {
  fileprivate var json: JSONValue {
    switch self {
    case .off: .object([JSONMember("state", .string("off"))])
    case .examining: .object([JSONMember("state", .string("examining"))])
    case .missing(let part, let detail):
      .object([
        JSONMember("state", .string("missing")), JSONMember("part", .string(part)),
        JSONMember("problem", .string(detail)),
      ])
    case .running(let waiting):
      .object([JSONMember("state", .string("running")), JSONMember("waiting", JSONValue(waiting))])
    }
  }
}

extension NodeStatus.Peer {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("node", .text(node)),
      JSONMember("linked", .bool(instance != nil)),
      JSONMember("instance", instance.map { .text($0) } ?? .null),
      JSONMember("dials", .bool(dials)),
      JSONMember("problem", problem.map { .string($0) } ?? .null),
    ])
  }
}
