import Authorization
import Identifiers
import Membership
import Signatures
import Wire

/// What a user asks, valid in every respect until a test changes something.
struct Order {
  var operation: Wire.Operation?
  var network: NetworkID?
  var epoch: UInt64 = 1
  /// Places of the members in the quorum.
  var places = [0, 1, 2, 3]
  var entries: [QuorumEntry]?
  var nonce = [UInt8](repeating: 7, count: 16)
  /// Seconds relative to now.
  var issued: Int64 = -1
  var expires: Int64 = 60
  var grants: Set<Grant>?
  var capabilityIssued: Int64 = -600
  var capabilityExpires: Int64 = 3_600
  /// Changes the message before the wallet signs it.
  var message: (inout SIWEMessage) -> Void = { _ in }
  /// Changes the text after the message was written and before the wallet signs it.
  var text: (String) -> String = { $0 }
  /// Changes what the wallet signed.
  var capability: (Capability) throws -> Capability = { $0 }
  var wallet: EthereumSigningKey?
  /// The key that signs the request, and the one the capability names.
  var sessionKey: Ed25519SigningKey?
  var capabilityKey: Ed25519SigningKey?
  /// To whom the delivery is made out, and by whom.
  var delivery: QuorumEntry?
  var deliveryKey: Ed25519SigningKey?
  var registryNumber: UInt64?

  func submission(_ setting: Setting) throws -> RequestSubmission {
    let request = try request(setting)
    let builder = RequestBuilder(sessionKey: deliveryKey ?? sessionKey ?? setting.sessionKey)
    return RequestSubmission(
      request: request, delivery: builder.delivery(of: request, to: try delivery ?? setting.entry(0)))
  }

  func request(_ setting: Setting) throws -> SignedRequest {
    let payload = try RequestPayload(
      network: network ?? setting.founding.network, epoch: epoch,
      quorum: Quorum(entries ?? places.map { try setting.entry($0) }),
      operation: operation ?? .sign(key: setting.record.key, content: .message(Array("hello".utf8))),
      replyKey: ReplyPublicKey(bytes: [UInt8](repeating: 9, count: 32)), nonce: nonce,
      issuedAt: setting.now.adding(seconds: issued), expiresAt: setting.now.adding(seconds: expires),
      capability: capability(setting), registryNumber: registryNumber)
    return try RequestBuilder(sessionKey: sessionKey ?? setting.sessionKey).sign(payload)
  }

  func capability(_ setting: Setting) throws -> Capability {
    let wallet = wallet ?? setting.user
    let defaults: Set<Grant> = [.sign(with: setting.record.key), .decrypt(under: setting.policy.hash)]
    var message = SIWEMessage.capability(
      founding: setting.founding, wallet: wallet.address,
      sessionKey: (capabilityKey ?? setting.sessionKey).publicKey, reCap: try ReCap(grants ?? defaults),
      nonce: "nonce123", issuedAt: setting.now.adding(seconds: capabilityIssued),
      expiresAt: setting.now.adding(seconds: capabilityExpires))
    self.message(&message)
    let text = text(message.text)
    return try capability(Capability(siwe: text, signature: wallet.signMessage(Array(text.utf8))))
  }
}
