internal import Hummingbird
internal import HummingbirdCore
internal import Identifiers
internal import Node
internal import Wire

/// Answers the node's operator, over plain HTTP on a loopback address.
struct OperatorRoutes: Sendable {
  let node: any NodeInterface
  let metrics: PrometheusMetrics

  func respond(to request: Request) async -> HTTPReply {
    guard request.method.rawValue == "GET" else {
      var reply = HTTPReply.refusal(.methodNotAllowed)
      reply.allow = "GET"
      return reply
    }
    switch request.head.path {
    case "/health/live": return .json(JSONValue.object([JSONMember("live", .bool(true))]).serialized)
    case "/health/ready": return Self.readiness(await node.readiness())
    case "/status": return .json(await node.status().json.serialized)
    case "/metrics": return .text(metrics.render(), "text/plain; version=0.0.4; charset=utf-8")
    default: return .refusal(.notFound)
    }
  }

  private static func readiness(_ readiness: NodeReadiness) -> HTTPReply {
    switch readiness {
    case .ready:
      return .json(JSONValue.object([JSONMember("ready", .bool(true))]).serialized)
    case .notReady(let reason, let detail):
      let members = [
        JSONMember("ready", .bool(false)), JSONMember("reason", .string(reason)),
        JSONMember("detail", .string(detail)),
      ]
      return .json(JSONValue.object(members).serialized, status: 503)
    }
  }
}
