import ActionNames
import Aggregation
import Authorization
import Client
import Crypto
import Curves
import Identifiers
import IdentityEncryption
import Membership
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import Wire

/// What a simulated node does when it is asked.
enum Behaviour: Sendable {
  case honest
  case unreachable
  case unverified
  /// Takes the request and ends the connection.
  case dies
  /// Proves itself, and never answers a request.
  case silent
  /// Takes one request, and from then on reacts to nothing.
  case freezes
  case refuses(ErrorCode)
  case wrongShare
  /// Answers as if another operation had been ordered.
  case otherOperation
  case otherCertificate
  case otherEpoch
  /// Signs its answer with a key that is not its identity key.
  case foreignSignature
  /// Seals its answer for another request.
  case unopenable
  /// Reports a failed session and names who is to blame.
  case accuses(NodeID)
  /// Says that it got other commitments from this node than that one says it sent.
  case misquotes(NodeID)
  /// Says that an action answered this.
  case says(String)
  /// Says that an action could not sign with the others because of this node.
  case accusesWithin(NodeID, FailedOutcome.Reason)
  /// Spoils what the nodes of its quorum do together within an action, and nobody can tell who it was.
  case spoilsWithin
  /// Says these nodes are to blame for what it could not do within an action.
  case namesWithin([NodeID])
  /// Fails without a reason.
  case fails
}

extension Behaviour {
  fileprivate var spoilsWithin: Bool {
    if case .spoilsWithin = self { true } else { false }
  }
}

struct SimulatedNode: NodeConnection {
  let network: SimulatedNetwork
  let node: NodeID
  let identityKey: [UInt8]

  var instance: Instance { SimulatedNode.instance(of: node) }
  var isActive: Bool { true }

  static func instance(of node: NodeID) -> Instance {
    guard let instance = try? Instance(bytes: Array(SHA256.hash(data: node.bytes))) else {
      preconditionFailure("32 bytes")
    }
    return instance
  }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    let description = NetworkDescription(
      network: network.founding.network, founding: network.founding.bytes, registryNumber: network.snapshot.number,
      registryDigest: network.snapshot.digest, epoch: 1, certificate: network.presentedCertificate(at: node),
      node: node,
      instance: instance, isDevelopment: true)
    return HTTPAnswer(status: 200, body: description.encoded)
  }

  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    let behaviour = network.behaviour(of: node)
    guard let submission = try? RequestSubmission(decoding: body) else { throw .malformed }
    network.record(submission.request, at: node)
    switch behaviour {
    case .dies: throw .closed
    case .silent, .freezes:
      try? await Task.sleep(for: timeout)
      throw .timedOut
    case .refuses(let code):
      return HTTPAnswer(status: code.httpStatus, body: ErrorResponse(code: code).encoded)
    default: break
    }
    do {
      return HTTPAnswer(status: 200, body: try answer(submission, behaviour).encoded)
    } catch let refusal as Refusal {
      return HTTPAnswer(status: refusal.code.httpStatus, body: ErrorResponse(code: refusal.code).encoded)
    } catch {
      throw .malformed
    }
  }

  func close() async {}

  private func answer(_ submission: RequestSubmission, _ behaviour: Behaviour) throws -> SealedReply {
    let request = submission.request
    // The real judge: what it refuses, a client must not have sent.
    let now = ClockReading(wall: SystemClock().wall, highest: SystemClock().wall)
    let rules = QuorumRules(
      epoch: 1, certificate: network.certificate.body.digest, threshold: network.threshold.t,
      members: Set(network.nodes))
    _ = try Authorizer(node: node, instance: instance)
      .authorize(submission, at: now, in: network.snapshot, under: rules)

    var body = ReplyBody(
      request: request.id, node: node, instance: instance, epoch: 1, certificate: network.certificate.body.digest,
      operationDigest: request.payload.operation.digest, outcome: try outcome(request, behaviour))
    switch behaviour {
    case .otherOperation: body = body.with(operationDigest: .zero)
    case .otherCertificate: body = body.with(certificate: .zero)
    case .otherEpoch: body = body.with(epoch: 2)
    case .unopenable: body = body.with(request: RequestID(Digest32.zero))
    default: break
    }
    var random = SeededRandom(seed: 1)
    let signer =
      if case .foreignSignature = behaviour { Ed25519SigningKey(from: &random) } else {
        try #require(network.identities[node])
      }
    let reply = SignedReply(signing: body, with: { signer.sign($0) })
    return try SealedReply(reply, to: request.payload.replyKey)
  }

  private func outcome(_ request: SignedRequest, _ behaviour: Behaviour) throws -> ReplyOutcome {
    switch behaviour {
    case .fails: return .failed(FailedOutcome(code: .deadlineExceeded))
    case .accuses(let suspect):
      return .failed(FailedOutcome(code: .peersMissing, suspects: [.init(node: suspect, reason: .missing)]))
    default: break
    }
    switch request.payload.operation {
    case .sign(let key, let content):
      let record = try #require(network.snapshot.keyRecord(key))
      if record.purpose == .secp256k1ECDSA {
        return .ecdsaShare(try signECDSA(request, key, #require(content.message(for: record.purpose)), behaviour))
      }
      let suite = try #require(record.purpose.schnorrSuite)
      return .signatureShare(try sign(request, key, #require(content.message(for: record.purpose)), suite, behaviour))
    case .decrypt(let policy, let dataKeyHash):
      let share = try KnownRoots.share(
        .bls12381IBE, weights: [BLS12381G1.Scalar.one], of: party(node), network.threshold, in: BLS12381G1.self)
      let point = IdentityEncryption.point(of: PolicyIdentity.bytes(policy: policy, dataKeyHash: dataKeyHash))
      let good = point.multiplied(by: share)
      if case .wrongShare = behaviour {
        // Another error at each node: equal ones cancel out in the sum of some quorums.
        let error = point.multiplied(by: BLS12381G1.Scalar(UInt64(try party(node).value)))
        return .decryptionShare((good + error).canonicalBytes)
      }
      return .decryptionShare(good.canonicalBytes)
    case .execute, .executeNamed: return .execution(try executed(request, behaviour))
    }
  }

  /// An action that answers with its parameters and signs three bytes.
  private func executed(_ request: SignedRequest, _ behaviour: Behaviour) throws -> ExecutionOutcome {
    let parameters: [UInt8]
    switch request.payload.operation {
    case .execute(_, let given), .executeNamed(_, let given): parameters = given
    case .sign, .decrypt: throw FormatError.invalid("code")
    }
    var response = String(decoding: parameters, as: UTF8.self)
    if case .says(let text) = behaviour { response = text }
    let key = try network.key(.ed25519Sign)
    let suite = try #require(KeyPurpose.ed25519Sign.schnorrSuite)
    let share = try sign(request, key, [1, 2, 3], suite, behaviour)
    var failed: [FailedOperation] = []
    if case .accusesWithin(let accused, let reason) = behaviour {
      let outcome = FailedOutcome(code: .peerCheated, suspects: [.init(node: accused, reason: reason)])
      failed = [try FailedOperation(operation: "signAndCombine#0", outcome: outcome)]
    } else if case .namesWithin(let named) = behaviour {
      let outcome = FailedOutcome(code: .peerCheated, suspects: named.map { .init(node: $0, reason: .cheated) })
      failed = [try FailedOperation(operation: "signAndCombine#0", outcome: outcome)]
    } else if request.payload.quorum.nodes.contains(where: { network.behaviour(of: $0).spoilsWithin }) {
      failed = [try FailedOperation(operation: "signAndCombine#0", outcome: FailedOutcome(code: .disagreement))]
    }
    return try ExecutionOutcome(
      action: try #require(request.payload.operation.action), response: response,
      signatures: [NamedShare(name: "s", key: key, content: .raw([1, 2, 3]), share: .schnorr(share))], failure: nil,
      logs: "at \(node)\n", usage: ExecutionUsage(), failedOperations: failed)
  }

  private func party(_ node: NodeID) throws -> PartyID {
    try #require(network.members.first { $0.node == node }).party
  }
}
