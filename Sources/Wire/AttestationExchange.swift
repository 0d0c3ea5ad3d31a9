import Identifiers

/// The body of `POST /v1/attest`: the client's nonce, 32 random bytes.
public struct AttestationChallenge: Sendable, Hashable {
  public static let nonceByteCount = 32
  public let nonce: [UInt8]

  /// - Throws: ``FormatError/invalid(_:)`` unless there are 32 bytes.
  public init(nonce: [UInt8]) throws(FormatError) {
    guard nonce.count == Self.nonceByteCount else { throw .invalid("nonce") }
    self.nonce = nonce
  }

  public init(decoding body: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: WireLimits.body))
    nonce = try fields.bytes("nonce", count: Self.nonceByteCount)
    try fields.finish()
  }

  public var encoded: [UInt8] {
    JSONValue.object([JSONMember("nonce", .base64URL(nonce))]).serialized
  }
}

/// The answer: evidence over this connection and nonce, the node's binding, and its identity key's signature. Where one
/// report answers many users, the way from this user's request to what the report carries comes with it.
public struct AttestationAnswer: Sendable, Hashable {
  /// Names the kind of evidence, e.g. `software`.
  public let evidenceKind: String
  public let evidence: [UInt8]
  public let binding: [UInt8]
  /// Ed25519, 64 bytes.
  public let identitySignature: [UInt8]
  /// Inclusion in a batch of requests, an encoded `InclusionProof`; nil where the report is over this request alone.
  public let inclusion: [UInt8]?

  public static let inclusionLimit = 512

  public init(
    evidenceKind: String, evidence: [UInt8], binding: [UInt8], identitySignature: [UInt8], inclusion: [UInt8]? = nil
  ) {
    self.evidenceKind = evidenceKind
    self.evidence = evidence
    self.inclusion = inclusion
    self.binding = binding
    self.identitySignature = identitySignature
  }

  public init(decoding body: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: WireLimits.body))
    var evidence = try fields.object("evidence")
    evidenceKind = try evidence.string("kind", limit: 64)
    self.evidence = try evidence.bytes("data", limit: WireLimits.evidence)
    inclusion =
      evidence.has("inclusion")
      ? try evidence.bytes("inclusion", limit: Self.inclusionLimit) : nil
    try evidence.finish()
    binding = try fields.bytes("binding", limit: WireLimits.evidence)
    identitySignature = try fields.bytes("identitySignature", count: SignedRequest.signatureByteCount)
    try fields.finish()
  }

  public var encoded: [UInt8] {
    let way = inclusion.map { [JSONMember("inclusion", .base64URL($0))] } ?? []
    return JSONValue.object([
      JSONMember(
        "evidence",
        .object([JSONMember("kind", .string(evidenceKind)), JSONMember("data", .base64URL(evidence))] + way)),
      JSONMember("binding", .base64URL(binding)),
      JSONMember("identitySignature", .base64URL(identitySignature)),
    ]).serialized
  }
}
