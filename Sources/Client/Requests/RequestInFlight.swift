import Identifiers
import Wire

/// One signed request, what every answer to it must say, and the only key that opens them.
final class RequestInFlight: Sendable {
  private let request: SignedRequest
  private let deliveries: [NodeID: Delivery]
  private let replyKey: ReplyKey
  private let id: RequestID
  private let operationDigest: Digest32
  private let certificate: Digest32

  /// - Parameter certificate: digest of the key certificate every node has to use.
  init(
    _ request: SignedRequest, deliveries: [NodeID: Delivery], replyKey: consuming ReplyKey, certificate: Digest32
  ) {
    self.request = request
    self.deliveries = deliveries
    self.replyKey = replyKey
    self.certificate = certificate
    id = request.id
    operationDigest = request.payload.operation.digest
  }

  /// Sends the request to one node of its quorum and reads what it answers.
  func report(from connection: any NodeConnection, path: String, timeout: Duration) async -> NodeReport {
    guard let delivery = deliveries[connection.node] else { return .connection(.closed) }
    do throws(ConnectionFailure) {
      let body = RequestSubmission(request: request, delivery: delivery).encoded
      let answer = try await connection.post(path, body, timeout: timeout)
      return read(answer, from: connection)
    } catch {
      return .connection(error)
    }
  }

  func read(_ answer: HTTPAnswer, from connection: any NodeConnection) -> NodeReport {
    guard answer.status == 200 else {
      guard let error = try? ErrorResponse(decoding: answer.body), error.code.httpStatus == answer.status else {
        return .connection(.malformed)
      }
      return .refused(error.code)
    }
    let context = ReplyContext(request: id, node: connection.node, instance: connection.instance)
    guard let sealed = try? SealedReply(decoding: answer.body),
      let reply = try? sealed.open(with: replyKey, from: context)
    else { return .cheated("its answer cannot be opened") }
    guard reply.isSigned(by: connection.identityKey) else { return .cheated("its answer is not signed by it") }
    return check(reply.body)
  }

  /// A node that answers about something else than it was asked is at fault, whatever it says.
  private func check(_ body: ReplyBody) -> NodeReport {
    guard body.epoch == request.payload.epoch else { return .cheated("it answers for another epoch") }
    guard body.operationDigest == operationDigest else { return .cheated("it answers another order") }
    if case .failed(let outcome) = body.outcome { return .sessionFailed(outcome) }
    guard body.certificate == certificate else { return .cheated("it used another key certificate") }
    switch body.outcome {
    case .failed(let outcome): return .sessionFailed(outcome)
    case .signatureShare(let share): return .share(.signature(share))
    case .ecdsaShare(let share): return .share(.ecdsa(share))
    case .decryptionShare(let share): return .share(.decryption(share))
    case .execution(let outcome): return .share(.execution(outcome))
    }
  }
}
