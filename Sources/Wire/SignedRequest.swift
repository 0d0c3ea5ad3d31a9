import Identifiers

/// A request as it was received: a flattened JWS (RFC 7515) signed by the user's session key.
///
/// Decoding checks size and shape, not the signature; see ``hasValidSignature``.
public struct SignedRequest: Sendable, Hashable {
  /// The base64url texts exactly as received; the request id and the signature cover these.
  public let protectedText: String
  public let payloadText: String
  /// Ed25519, 64 bytes.
  public let signature: [UInt8]
  /// The Ed25519 public key named by the protected header, 32 bytes.
  public let sessionKey: [UInt8]
  public let payload: RequestPayload

  public static let sessionKeyByteCount = 32
  public static let signatureByteCount = 64

  /// - Throws: ``FormatError`` unless the header is exactly the one this version writes and the payload decodes.
  public init(protectedText: String, payloadText: String, signature: [UInt8]) throws(FormatError) {
    sessionKey = try ProtectedHeader.sessionKey(of: protectedText)
    guard payloadText.utf8.count <= WireLimits.body, let payload = try? Base64URL.decode(payloadText) else {
      throw .invalid("payload")
    }
    guard signature.count == Self.signatureByteCount else { throw .invalid("signature") }
    self.payload = try RequestPayload(decoding: payload)
    self.protectedText = protectedText
    self.payloadText = payloadText
    self.signature = signature
  }

  init(_ fields: inout JSONFields) throws(FormatError) {
    try self.init(
      protectedText: fields.string("protected", limit: 512),
      payloadText: fields.string("payload", limit: WireLimits.body),
      signature: fields.bytes("signature", count: Self.signatureByteCount))
    try fields.finish()
  }

  var json: JSONValue {
    .object([
      JSONMember("protected", .string(protectedText)), JSONMember("payload", .string(payloadText)),
      JSONMember("signature", .base64URL(signature)),
    ])
  }

  /// What the session key signs, RFC 7515 section 5.1: both texts with a dot between them.
  public var signingInput: [UInt8] {
    Self.signingInput(protectedText: protectedText, payloadText: payloadText)
  }

  static func signingInput(protectedText: String, payloadText: String) -> [UInt8] {
    Array(protectedText.utf8) + [UInt8(ascii: ".")] + Array(payloadText.utf8)
  }
}

/// The one protected header there is. A header that says the same in other bytes is refused, so no two parsers can
/// read it differently.
enum ProtectedHeader {
  private static let beforeKey = #"{"alg":"EdDSA","typ":"quorate-request+jws","jwk":{"kty":"OKP","crv":"Ed25519","x":""#
  private static let afterKey = #""}}"#

  static func text(sessionKey: [UInt8]) -> String {
    Base64URL.encode((beforeKey + Base64URL.encode(sessionKey) + afterKey).utf8)
  }

  static func sessionKey(of text: String) throws(FormatError) -> [UInt8] {
    guard text.utf8.count <= 512, let header = try? Base64URL.decode(text),
      header.starts(with: beforeKey.utf8), header.count >= beforeKey.utf8.count + afterKey.utf8.count,
      header.suffix(afterKey.utf8.count).elementsEqual(afterKey.utf8),
      let key = try? Base64URL.decode(header.dropFirst(beforeKey.utf8.count).dropLast(afterKey.utf8.count)),
      key.count == SignedRequest.sessionKeyByteCount
    else { throw .invalid("protected") }
    return key
  }
}
