public import Client
internal import Identifiers
public import Membership
internal import Node
internal import PeerLink
internal import Wire

/// Connects a user to nodes of the same process without sockets: what is tested is the nodes, not the way there.
public struct DirectConnector: NodeConnector {
  private let network: TestNetwork

  public init(_ network: TestNetwork) {
    self.network = network
  }

  public func connect(
    to member: Member, in snapshot: MembershipSnapshot
  ) async throws(ConnectionFailure) -> any NodeConnection {
    for candidate in await network.nodes where candidate.id == member.node {
      guard let node = await candidate.node else { throw .unreachable }
      return DirectConnection(target: node, identityKey: member.identityKey)
    }
    throw .unreachable
  }
}

struct DirectConnection: NodeConnection {
  let target: Node
  let identityKey: [UInt8]

  var node: NodeID { target.identity.node }
  var instance: Instance { target.identity.instance }
  var isActive: Bool { true }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    do throws(NodeRefusal) {
      return HTTPAnswer(status: 200, body: try target.describeNetwork().encoded)
    } catch {
      return answer(error)
    }
  }

  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    guard let submission = try? RequestSubmission(decoding: body) else {
      return answer(NodeRefusal(.invalidRequest))
    }
    guard let kind = RequestKind(rawValue: String(path.dropFirst("/v1/".count))) else {
      return answer(NodeRefusal(.notFound))
    }
    do throws(NodeRefusal) {
      return HTTPAnswer(status: 200, body: try await target.answer(submission, kind))
    } catch {
      return answer(error)
    }
  }

  func close() async {}

  private func answer(_ refusal: NodeRefusal) -> HTTPAnswer {
    HTTPAnswer(
      status: refusal.code.httpStatus,
      body: ErrorResponse(code: refusal.code, requestID: refusal.request).encoded)
  }
}
