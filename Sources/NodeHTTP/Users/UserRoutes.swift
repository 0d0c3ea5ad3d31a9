internal import Hummingbird
internal import HummingbirdCore
internal import Identifiers
internal import Logging
internal import Node
internal import PeerLink
internal import Wire

/// Answers users. Everything about the request itself is the node's to judge; here is only its form.
struct UserRoutes: Sendable {
  private let node: any NodeInterface
  private let connections: OpenConnections
  private let clock: any LocalClock
  private let metrics: HTTPMetrics
  private let logger: Logger
  private let bodies: Budget
  private let attestations: Budget

  init(
    node: any NodeInterface, limits: HTTPLimits, connections: OpenConnections, clock: any LocalClock,
    metrics: HTTPMetrics, logger: Logger
  ) {
    self.node = node
    self.connections = connections
    self.clock = clock
    self.metrics = metrics
    self.logger = logger
    bodies = Budget(limits.bodies)
    attestations = Budget(node.identity.answersInBatches ? limits.batchedAttestations : limits.attestations)
  }

  func respond(to request: Request, on connection: HTTPConnection) async -> HTTPReply {
    let began = clock.monotonicNow()
    let route = UserRoute(rawValue: request.head.path ?? "")
    let reply: HTTPReply
    do throws(NodeRefusal) {
      reply = try await answer(request, route, connection)
    } catch {
      reply = .refusal(error)
      logger.debug(
        "refused", metadata: ["route": "\(route?.rawValue ?? "unknown")", "code": "\(error.code.rawValue)"])
    }
    metrics.answered(route?.rawValue ?? "unknown", status: reply.status, after: clock.monotonicNow() - began)
    return reply
  }

  private func answer(
    _ request: Request, _ route: UserRoute?, _ connection: HTTPConnection
  ) async throws(NodeRefusal) -> HTTPReply {
    if let wait = connections.takeRequest(from: connection.prefix) {
      throw NodeRefusal(.tooManyRequests, retryAfter: wait)
    }
    guard let route else { throw NodeRefusal(.notFound) }
    guard request.method.rawValue == route.method else {
      var reply = HTTPReply.refusal(.methodNotAllowed)
      reply.allow = route.method
      return reply
    }
    switch route {
    case .network: return .json(try await node.describeNetwork().encoded)
    case .attest: return .json(try await attest(request, connection))
    case .sign: return .json(try await submit(request, .sign, connection))
    case .decrypt: return .json(try await submit(request, .decrypt, connection))
    case .execute: return .json(try await submit(request, .execute, connection))
    case .interface: return .text(OpenAPIDocument.text, "application/yaml")
    }
  }

  private func submit(
    _ request: Request, _ kind: RequestKind, _ connection: HTTPConnection
  ) async throws(NodeRefusal) -> [UInt8] {
    if let wait = connections.takeSubmission(from: connection.prefix) {
      throw NodeRefusal(.tooManyRequests, retryAfter: wait)
    }
    var lease = BudgetLease(bodies)
    let body = try await JSONBody.read(request, &lease)
    guard let submission = try? RequestSubmission(decoding: body) else { throw NodeRefusal(.invalidRequest) }
    return try await node.answer(submission, kind, from: connection.prefix.origin)
  }

  /// The proof is made of this connection's own exporter; no request can name another.
  private func attest(_ request: Request, _ connection: HTTPConnection) async throws(NodeRefusal) -> [UInt8] {
    guard let attested = connection.attested else { throw NodeRefusal(.internalError) }
    var lease = BudgetLease(bodies)
    let body = try await JSONBody.read(request, &lease)
    guard let challenge = try? AttestationChallenge(decoding: body) else { throw NodeRefusal(.invalidRequest) }
    var making = BudgetLease(attestations)
    guard making.take(1) else { throw NodeRefusal(.overloaded) }
    do throws(HandshakeRefusal) {
      return try await attested.answer(challenge).encoded
    } catch {
      logger.error("no evidence to be had for a user's connection", metadata: ["reason": "\(error.reason)"])
      throw NodeRefusal(.internalError)
    }
  }
}
