import Identifiers

extension ReplyBody {
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: WireLimits.replyBody))
    try self.init(
      request: fields.identifier("requestID"), node: fields.identifier("node"),
      instance: fields.identifier("instance"), epoch: fields.unsigned("epoch"),
      certificate: fields.identifier("certificate"), operationDigest: fields.identifier("operationDigest"),
      outcome: ReplyOutcome(fields.value("outcome")))
    try fields.finish()
  }

  /// The bytes the identity key signs; a reader verifies the bytes it received, never a second encoding.
  public var encoded: [UInt8] {
    JSONValue.object([
      JSONMember("requestID", .text(request)),
      JSONMember("node", .text(node)),
      JSONMember("instance", .text(instance)),
      JSONMember("epoch", JSONValue(epoch)),
      JSONMember("certificate", .text(certificate)),
      JSONMember("operationDigest", .text(operationDigest)),
      JSONMember("outcome", outcome.json),
    ]).serialized
  }
}

extension ReplyOutcome {
  /// No encoding of a scalar or group element in use is longer.
  private static let elementLimit = 96

  init(_ value: JSONValue) throws(FormatError) {
    var outer = try JSONFields(value)
    guard outer.remainingNames.count == 1, let name = outer.remainingNames.first else { throw .invalid("outcome") }
    switch Array(name.utf8) {
    case Array("signatureShare".utf8):
      var fields = try outer.object("signatureShare")
      var commitments: [SignatureShareOutcome.Commitment] = []
      for value in try fields.array("commitments", limit: WireLimits.members) {
        commitments.append(try Self.commitment(value))
      }
      for (earlier, later) in zip(commitments, commitments.dropFirst()) {
        guard earlier.party < later.party else { throw .invalid("commitments") }
      }
      let share = try fields.bytes("share", limit: Self.elementLimit)
      try fields.finish()
      self = .signatureShare(SignatureShareOutcome(commitments: commitments, share: share))
    case Array("ecdsaShare".utf8):
      var fields = try outer.object("ecdsaShare")
      self = .ecdsaShare(try ECDSAShareOutcome(&fields))
    case Array("decryptionShare".utf8):
      self = .decryptionShare(try outer.bytes("decryptionShare", limit: Self.elementLimit))
    case Array("execution".utf8):
      var fields = try outer.object("execution")
      self = .execution(try ExecutionOutcome(&fields))
    case Array("failed".utf8):
      var fields = try outer.object("failed")
      self = .failed(try FailedOutcome(&fields))
    default:
      throw .invalid("outcome")
    }
  }

  private static func commitment(_ value: JSONValue) throws(FormatError) -> SignatureShareOutcome.Commitment {
    var fields = try JSONFields(value)
    guard let party = UInt16(exactly: try fields.unsigned("party")), party > 0 else { throw .invalid("party") }
    let hiding = try fields.bytes("hiding", limit: elementLimit)
    let binding = try fields.bytes("binding", limit: elementLimit)
    try fields.finish()
    return SignatureShareOutcome.Commitment(party: party, hiding: hiding, binding: binding)
  }

  var json: JSONValue {
    switch self {
    case .signatureShare(let outcome):
      let commitments = outcome.commitments.map {
        JSONValue.object([
          JSONMember("party", JSONValue(UInt64($0.party))), JSONMember("hiding", .base64URL($0.hiding)),
          JSONMember("binding", .base64URL($0.binding)),
        ])
      }
      let members = [JSONMember("commitments", .array(commitments)), JSONMember("share", .base64URL(outcome.share))]
      return .object([JSONMember("signatureShare", .object(members))])
    case .ecdsaShare(let outcome):
      return .object([JSONMember("ecdsaShare", outcome.json)])
    case .decryptionShare(let share):
      return .object([JSONMember("decryptionShare", .base64URL(share))])
    case .execution(let outcome):
      return .object([JSONMember("execution", outcome.json)])
    case .failed(let outcome):
      return .object([JSONMember("failed", outcome.json)])
    }
  }
}

extension ECDSAShareOutcome {
  init(_ fields: inout JSONFields) throws(FormatError) {
    noncePoint = try fields.bytes("noncePoint", count: Self.noncePointByteCount)
    u = try fields.bytes("u", count: Self.scalarByteCount)
    w = try fields.bytes("w", count: Self.scalarByteCount)
    try fields.finish()
  }

  var json: JSONValue {
    .object([
      JSONMember("noncePoint", .base64URL(noncePoint)), JSONMember("u", .base64URL(u)),
      JSONMember("w", .base64URL(w)),
    ])
  }
}

extension FailedOutcome {
  init(_ fields: inout JSONFields) throws(FormatError) {
    guard let code = ErrorCode(exactly: try fields.string("code", limit: 64)) else { throw .invalid("code") }
    // The text a node sends is not shown: every code has one of our own.
    _ = try fields.string("message", limit: 512)
    var suspects: [Suspicion] = []
    for value in try fields.array("suspects", limit: WireLimits.members) {
      var entry = try JSONFields(value)
      let node: NodeID = try entry.identifier("node")
      guard let reason = Reason(exactly: try entry.string("reason", limit: 32)) else { throw .invalid("reason") }
      try entry.finish()
      guard suspects.last.map({ $0.node < node }) ?? true else { throw .invalid("suspects") }
      suspects.append(Suspicion(node: node, reason: reason))
    }
    try fields.finish()
    self.init(code: code, suspects: suspects)
  }

  var json: JSONValue {
    .object([
      JSONMember("code", .string(code.rawValue)), JSONMember("message", .string(code.message)),
      JSONMember(
        "suspects",
        .array(
          suspects.map {
            .object([JSONMember("node", .text($0.node)), JSONMember("reason", .string($0.reason.rawValue))])
          })),
    ])
  }
}
