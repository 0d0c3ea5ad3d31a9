import Authorization
import Client
import Identifiers
import Membership
import Node
import NodeHTTP
import NodeTestKit
import PeerLink
import PublicKeys
import Secrets
import Signatures
import Testing
import Transcripts
import Wire

/// A running network, a user of it, and a verified connection to the client port of every node.
struct PortSetting {
  let network: TestNetwork
  let user: TestUser
  let stranger: EthereumSigningKey
  let record: KeyRecord
  let strangersRecord: KeyRecord
  let policy: DecryptionPolicy
  let session: Ed25519SigningKey
  let nodes: [TestNode]
  /// In the order of the nodes.
  let ports: [ClientPort]
  let threshold: Int

  init(_ network: TestNetwork) async throws {
    self.network = network
    user = try TestUser(of: network)
    let other = try TestUser(of: network)
    stranger = other.wallet
    record = try await user.makeKey(.ed25519Sign, kinds: [.message, .file])
    strangersRecord = try await other.makeKey(.ed25519Sign)
    policy = try DecryptionPolicy(anyOf: [user.wallet.address])
    var random = SystemRandom()
    session = Ed25519SigningKey(from: &random)
    user.registry.refresh()
    nodes = await network.nodes
    var ports: [ClientPort] = []
    for node in nodes { ports.append(try await ClientPort(to: node.id, in: user.registry, clock: network.clock)) }
    self.ports = ports
    threshold = 2 * nodes.count / 3 + 1
  }

  /// Another connection to a node.
  func connect(to node: TestNode) async throws -> ClientPort {
    try await ClientPort(to: node.id, in: user.registry, clock: network.clock)
  }

  var decryption: Wire.Operation { .decrypt(policy: policy.bytes, dataKeyHash: .zero) }
  var signature: Wire.Operation { .sign(key: record.key, content: .message([1])) }
  var everyGrant: Set<Grant> { [.sign(with: record.key), .decrypt(under: policy.hash)] }

  /// Everything about the nodes that a request could have changed.
  func trace() async -> [[String]] {
    var trace: [[String]] = []
    for node in nodes {
      let status = await node.status
      let counted = await node.metrics.render().split(separator: "\n").map(String.init).filter { line in
        ["quorate_requests_total", "quorate_dropped_frames_total", "quorate_session_mismatches_total"]
          .contains { line.hasPrefix($0) }
      }
      trace.append(
        [
          "\(String(describing: status?.pendingRequests)) pending", "\(String(describing: status?.sessions)) sessions",
          "\(String(describing: status?.readiness))", "\(String(describing: status?.keys))",
          "\(String(describing: status?.registry))",
        ] + counted.sorted())
    }
    return trace
  }
}

/// A request to the first node, good in every respect until a test changes one of them.
struct PortOrder {
  var operation: Wire.Operation
  var network: NetworkID
  var epoch: UInt64 = 1
  var quorum: [QuorumEntry]
  /// Seconds relative to now.
  var issued: Int64 = -1
  var expires: Int64 = 60
  var capabilityIssued: Int64 = -600
  var capabilityExpires: Int64 = 3_600
  var grants: Set<Grant>
  /// Changes the message before the wallet signs it.
  var message: (inout SIWEMessage) -> Void = { _ in }
  var wallet: EthereumSigningKey
  /// The key the capability names.
  var namedKey: Ed25519SigningKey
  /// Changes the payload before the session key signs it.
  var payload: ([UInt8]) -> [UInt8] = { $0 }
  /// Who signs it under the session key's name.
  var signingKey: Ed25519SigningKey
  var deliveryKey: Ed25519SigningKey
  var delivered: QuorumEntry
  /// The request the delivery is for; nil for this one.
  var deliveredRequest: RequestID?
  /// Changes the body that is sent.
  var body: ([UInt8]) -> [UInt8] = { $0 }
  var path: String?
  /// On a connection of its own, for what ends the connection.
  var isAlone = false
  private let setting: PortSetting

  init(_ setting: PortSetting, _ operation: Wire.Operation? = nil) {
    self.setting = setting
    self.operation = operation ?? setting.decryption
    network = setting.network.network
    let isSignature = operation.map { $0.label == "sign" } ?? false
    quorum = setting.ports.prefix(isSignature ? setting.threshold : setting.ports.count).map(\.entry)
    grants = setting.everyGrant
    wallet = setting.user.wallet
    namedKey = setting.session
    signingKey = setting.session
    deliveryKey = setting.session
    delivered = setting.ports[0].entry
  }

  /// Sends it to the first node.
  func send() async throws -> PortAnswer {
    let replyKey = ReplyKey()
    let payloadText = Base64URL.encode(payload(try payload(replyKey.publicKey).encoded))
    // The header that names the session key, from a request it signs.
    let protectedText = try RequestBuilder(sessionKey: setting.session).sign(payload(replyKey.publicKey)).protectedText
    let id = RequestID(
      TaggedHash.sha256(.request, [network.bytes, Array(protectedText.utf8), Array(payloadText.utf8)]))
    let signature = signingKey.sign(Array("\(protectedText).\(payloadText)".utf8))
    let delivery = deliveryKey.sign(
      TaggedHash.encoding(
        .delivery,
        [(deliveredRequest ?? id).bytes, Array(delivered.node.text.utf8), delivered.instance.bytes]))
    let request =
      "{\"protected\":\"\(protectedText)\",\"payload\":\"\(payloadText)\",\"signature\":\"\(Base64URL.encode(signature))\"}"
    let whole = "{\"request\":\(request),\"delivery\":\"\(Base64URL.encode(delivery))\"}"
    let port = isAlone ? try await setting.connect(to: setting.nodes[0]) : setting.ports[0]
    let answer = try await port.post(body(Array(whole.utf8)), path ?? "/v1/" + operation.label)
    if isAlone { await port.close() }
    let asked = setting.ports[0].entry
    let context = ReplyContext(request: id, node: asked.node, instance: asked.instance)
    let outcome = try? SealedReply(decoding: answer.body).open(with: replyKey, from: context).body.outcome
    return PortAnswer(answer: answer, outcome: outcome, id: id)
  }

  private func payload(_ replyKey: ReplyPublicKey) throws -> RequestPayload {
    let now = setting.network.clock.wall
    var random = SystemRandom()
    var message = SIWEMessage.capability(
      founding: setting.network.founding, wallet: setting.user.wallet.address, sessionKey: namedKey.publicKey,
      reCap: try ReCap(grants), nonce: "nonce123", issuedAt: now.adding(seconds: capabilityIssued),
      expiresAt: now.adding(seconds: capabilityExpires))
    self.message(&message)
    let capability = try Capability(
      siwe: message.text, signature: wallet.signMessage(Array(message.text.utf8)))
    return try RequestPayload(
      network: network, epoch: epoch, quorum: Quorum(quorum.sorted { $0.node < $1.node }), operation: operation,
      replyKey: replyKey, nonce: random.bytes(WireLimits.nonce), issuedAt: now.adding(seconds: issued),
      expiresAt: now.adding(seconds: expires), capability: capability)
  }
}

struct PortAnswer: Sendable {
  let answer: HTTPAnswer
  let outcome: ReplyOutcome?
  let id: RequestID
}

/// The bytes with the first occurrence of one text replaced by another; fails a test in which there is none.
func replacing(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
  guard let range = bytes.firstRange(of: Array(old.utf8)) else {
    Issue.record("there is no \(old)")
    return bytes
  }
  return bytes[..<range.lowerBound] + Array(new.utf8) + bytes[range.upperBound...]
}
