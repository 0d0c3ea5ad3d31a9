public import Client
public import Identifiers
public import Membership
internal import PeerLink
public import Wire

/// A node's client port as users reach it, over attested TLS, with bodies that are the test's own.
public struct ClientPort: Sendable {
  public let connection: any NodeConnection

  /// Connects, and verifies the node as every client does.
  public init(to node: NodeID, in registry: any MembershipSource, clock: any LocalClock) async throws {
    try await self.init(to: node, in: registry, MembershipDirectory(registry), clock)
  }

  /// The same in a network of any kind.
  public init(to node: NodeID, in registry: any MembershipSource, of network: TestNetwork) async throws {
    try await self.init(to: node, in: registry, network.directory(registry), network.clock)
  }

  private init(
    to node: NodeID, in registry: any MembershipSource, _ directory: any PeerDirectory, _ clock: any LocalClock
  ) async throws {
    let snapshot = registry.current
    guard let snapshot, let member = snapshot.member(node) else { throw TestNetworkError.noKeys }
    connection = try await AttestedNodeConnector(directory: directory, clock: clock, timeout: .seconds(15))
      .connect(to: member, in: snapshot)
  }

  /// The node as it runs now.
  public var entry: QuorumEntry { QuorumEntry(node: connection.node, instance: connection.instance) }

  public func post(_ body: [UInt8], _ path: String) async throws -> HTTPAnswer {
    try await connection.post(path, body, timeout: .seconds(20))
  }

  public func post(_ request: ManualRequest) async throws -> HTTPAnswer {
    try await post(request.submission(to: entry).encoded, request.path)
  }

  /// Sends it and opens the outcome.
  public func outcome(of request: ManualRequest) async throws -> ReplyOutcome {
    try request.open(await post(request).body, from: entry)
  }

  public func close() async { await connection.close() }
}

extension ManualRequest {
  public var path: String { "/v1/" + signed.payload.operation.label }
}

extension HTTPAnswer {
  /// The code of a refusal whose status is that code's; nil for everything else.
  public var refusal: ErrorCode? {
    guard let code = try? ErrorResponse(decoding: body).code, code.httpStatus == status else { return nil }
    return code
  }
}
