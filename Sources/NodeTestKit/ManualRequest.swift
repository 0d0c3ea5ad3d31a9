public import Client
public import Identifiers
public import Node
public import PeerLink
internal import Secrets
public import Wire

/// A request made by hand, for what no honest client sends.
public final class ManualRequest: Sendable {
  public let signed: SignedRequest
  private let builder: RequestBuilder
  private let replyKey: ReplyKey

  /// - Parameters:
  ///   - nonce: 16 bytes; random unless two requests shall share their route.
  ///   - epoch: the request's.
  ///   - block: where the contract is asked of a wallet that is one.
  ///   - registryNumber: of the least view to judge by.
  public convenience init(
    _ operation: Operation, to nodes: [Node], as session: UserSession, nonce: [UInt8]? = nil, epoch: UInt64 = 1,
    issuedAt: Timestamp, lifetime: Int64 = 60, block: BlockReference? = nil, registryNumber: UInt64? = nil
  ) throws {
    try self.init(
      operation, naming: nodes.map(\.identity), as: session, nonce: nonce, epoch: epoch, issuedAt: issuedAt,
      lifetime: lifetime, block: block, registryNumber: registryNumber)
  }

  /// - Parameter quorum: whoever it is that runs under these identities.
  public convenience init(
    _ operation: Operation, naming quorum: [NodeIdentity], as session: UserSession, nonce: [UInt8]? = nil,
    epoch: UInt64 = 1, issuedAt: Timestamp, lifetime: Int64 = 60, block: BlockReference? = nil,
    registryNumber: UInt64? = nil
  ) throws {
    try self.init(
      operation, quorum: quorum.map { QuorumEntry(node: $0.node, instance: $0.instance) }, as: session, nonce: nonce,
      epoch: epoch, issuedAt: issuedAt, lifetime: lifetime, block: block, registryNumber: registryNumber)
  }

  /// - Parameter entries: in any order.
  public init(
    _ operation: Operation, quorum entries: [QuorumEntry], as session: UserSession, nonce: [UInt8]? = nil,
    epoch: UInt64 = 1, issuedAt: Timestamp, lifetime: Int64 = 60, block: BlockReference? = nil,
    registryNumber: UInt64? = nil
  ) throws {
    var random = SystemRandom()
    replyKey = ReplyKey()
    builder = RequestBuilder(sessionKey: session.key)
    signed = try builder.sign(
      RequestPayload(
        network: session.network, epoch: epoch, quorum: Quorum(entries.sorted { $0.node < $1.node }),
        operation: operation, replyKey: replyKey.publicKey, nonce: nonce ?? random.bytes(WireLimits.nonce),
        issuedAt: issuedAt, expiresAt: issuedAt.adding(seconds: lifetime),
        capability: session.capability.forRequest(at: block), registryNumber: registryNumber))
  }

  /// For one node, or for another than is asked afterwards.
  public func submission(to node: Node) -> RequestSubmission {
    submission(to: QuorumEntry(node: node.identity.node, instance: node.identity.instance))
  }

  public func submission(to entry: QuorumEntry) -> RequestSubmission {
    RequestSubmission(request: signed, delivery: builder.delivery(of: signed, to: entry))
  }

  public var kind: RequestKind {
    switch signed.payload.operation {
    case .sign: .sign
    case .decrypt: .decrypt
    case .execute, .executeNamed: .execute
    }
  }

  /// Sends it to a node and opens the outcome.
  public func outcome(at node: Node) async throws -> ReplyOutcome {
    try open(await node.answer(submission(to: node), kind), from: node)
  }

  public func open(_ answer: [UInt8], from node: Node) throws -> ReplyOutcome {
    try open(answer, from: QuorumEntry(node: node.identity.node, instance: node.identity.instance))
  }

  public func open(_ answer: [UInt8], from entry: QuorumEntry) throws -> ReplyOutcome {
    let context = ReplyContext(request: signed.id, node: entry.node, instance: entry.instance)
    return try SealedReply(decoding: answer).open(with: replyKey, from: context).body.outcome
  }

  /// The code with which a node refuses it; nil when it does not.
  public func refusal(at node: Node) async -> ErrorCode? {
    do throws(NodeRefusal) {
      _ = try await node.answer(submission(to: node), kind)
      return nil
    } catch {
      return error.code
    }
  }
}
