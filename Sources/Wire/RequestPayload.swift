public import Identifiers

/// Everything a user's request says.
public struct RequestPayload: Sendable, Hashable {
  public let network: NetworkID
  public let epoch: UInt64
  public let quorum: Quorum
  public let operation: Operation
  /// Where every outcome is sealed to; fresh for each request.
  public let replyKey: ReplyPublicKey
  /// 16 random bytes.
  public let nonce: [UInt8]
  public let issuedAt: Timestamp
  /// After `issuedAt` and at most ``WireLimits/requestLifetime`` seconds later.
  public let expiresAt: Timestamp
  public let capability: Capability
  /// Nodes judge by a view of the registry that has come so far, and wait a moment for it; nil, and any view will do.
  public let registryNumber: UInt64?

  /// - Throws: ``FormatError/invalid(_:)`` for a nonce of the wrong size, an epoch JSON cannot carry, a lifetime
  ///   outside the limits, or content over its limit.
  public init(
    network: NetworkID, epoch: UInt64, quorum: Quorum, operation: Operation, replyKey: ReplyPublicKey, nonce: [UInt8],
    issuedAt: Timestamp, expiresAt: Timestamp, capability: Capability, registryNumber: UInt64? = nil
  ) throws(FormatError) {
    guard epoch <= UInt64(JSONValue.largestInteger) else { throw .invalid("epoch") }
    guard registryNumber ?? 0 <= UInt64(JSONValue.largestInteger) else { throw .invalid("registryNumber") }
    guard capability.block?.number ?? 0 <= UInt64(JSONValue.largestInteger) else { throw .invalid("block") }
    guard nonce.count == WireLimits.nonce else { throw .invalid("nonce") }
    guard (1...WireLimits.requestLifetime).contains(expiresAt.seconds(since: issuedAt)) else {
      throw .invalid("expiresAt")
    }
    guard operation.isWithinLimits else { throw .invalid("operation") }
    self.network = network
    self.epoch = epoch
    self.quorum = quorum
    self.operation = operation
    self.replyKey = replyKey
    self.nonce = nonce
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.capability = capability
    self.registryNumber = registryNumber
  }
}

extension RequestPayload {
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: WireLimits.payload))
    let quorum = try Quorum(fields.array("quorum", limit: WireLimits.members))
    let operation = try Operation(fields.value("operation"))
    let replyKey = try ReplyPublicKey(bytes: fields.bytes("replyKey", count: ReplyPublicKey.byteCount))
    var capability = try fields.object("capability")
    let registryNumber: UInt64? = fields.has("registryNumber") ? try fields.unsigned("registryNumber") : nil
    try self.init(
      network: fields.identifier("network"), epoch: fields.unsigned("epoch"), quorum: quorum, operation: operation,
      replyKey: replyKey, nonce: fields.bytes("nonce", count: WireLimits.nonce),
      issuedAt: fields.timestamp("issuedAt"), expiresAt: fields.timestamp("expiresAt"),
      capability: Capability(&capability), registryNumber: registryNumber)
    try fields.finish()
  }

  /// The bytes a client sends and signs. Nodes accept the same members in any order and hash what they received.
  public var encoded: [UInt8] {
    var members = [
      JSONMember("network", .text(network)),
      JSONMember("epoch", JSONValue(epoch)),
      JSONMember("quorum", quorum.json),
      JSONMember("operation", operation.json),
      JSONMember("replyKey", .base64URL(replyKey.bytes)),
      JSONMember("nonce", .base64URL(nonce)),
      JSONMember("issuedAt", .string(issuedAt.text)),
      JSONMember("expiresAt", .string(expiresAt.text)),
      JSONMember("capability", capability.json),
    ]
    if let registryNumber { members.append(JSONMember("registryNumber", JSONValue(registryNumber))) }
    return JSONValue.object(members).serialized
  }
}

extension Operation {
  fileprivate var isWithinLimits: Bool {
    switch self {
    case .sign(_, .message(let message)): message.count <= WireLimits.message
    case .sign(_, .file(_, let count)): count <= UInt64(JSONValue.largestInteger)
    case .sign(_, .raw(let bytes)): bytes.count <= WireLimits.raw
    case .sign(_, .personalMessage(let bytes)): bytes.count <= WireLimits.personalMessage
    case .sign(_, .typedData(let bytes)): bytes.count <= WireLimits.typedData
    case .sign(_, .transaction(let bytes)): bytes.count <= WireLimits.transaction
    case .sign(_, .psbt(let bytes, let input)):
      bytes.count <= WireLimits.psbt && input <= UInt64(JSONValue.largestInteger)
    case .decrypt(let policy, _): policy.count <= WireLimits.policy
    case .execute(let code, let parameters):
      code.count <= WireLimits.code && parameters.count <= WireLimits.parameters
    case .executeNamed(_, let parameters): parameters.count <= WireLimits.parameters
    }
  }
}
