public import Identifiers
import Signatures
import Transcripts

/// A reply body and the signature of the answering node's identity key: `{"body", "signature"}`.
public struct SignedReply: Sendable, Hashable {
  /// The JSON exactly as signed.
  public let bodyBytes: [UInt8]
  public let body: ReplyBody
  /// Ed25519 over ``messageToSign(request:body:)``, 64 bytes.
  public let signature: [UInt8]

  /// - Parameter sign: the identity key's signature of the bytes it is given, 64 bytes.
  public init<Failure: Error>(
    signing body: ReplyBody, with sign: ([UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    self.body = body
    bodyBytes = body.encoded
    signature = try sign(Self.messageToSign(request: body.request, body: bodyBytes))
  }

  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: WireLimits.body))
    bodyBytes = try fields.bytes("body", limit: WireLimits.replyBody)
    signature = try fields.bytes("signature", count: SignedRequest.signatureByteCount)
    try fields.finish()
    body = try ReplyBody(decoding: bodyBytes)
  }

  public var encoded: [UInt8] {
    JSONValue.object([
      JSONMember("body", .base64URL(bodyBytes)), JSONMember("signature", .base64URL(signature)),
    ]).serialized
  }

  /// Whether the node that has this identity key (32 bytes, from the key certificate) said this.
  public func isSigned(by identityKey: [UInt8]) -> Bool {
    Ed25519.isValid(
      signature: signature, message: Self.messageToSign(request: body.request, body: bodyBytes), publicKey: identityKey)
  }

  static func messageToSign(request: RequestID, body: [UInt8]) -> [UInt8] {
    TaggedHash.encoding(.replySignature, [request.bytes, body])
  }
}

/// The body of a 200 answer: `{"requestID", "reply"}`, the reply sealed to the request's reply key.
public struct SealedReply: Sendable, Hashable {
  public let request: RequestID
  /// Encapsulated key (32) ‖ ciphertext.
  public let sealed: [UInt8]

  public init(_ reply: SignedReply, to key: ReplyPublicKey) throws(SealingFailure) {
    request = reply.body.request
    sealed = try key.seal(reply.encoded, to: reply.body.context)
  }

  public init(decoding body: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: WireLimits.body))
    request = try fields.identifier("requestID")
    sealed = try fields.bytes("reply", limit: 2 * WireLimits.replyBody)
    try fields.finish()
  }

  public var encoded: [UInt8] {
    JSONValue.object([JSONMember("requestID", .text(request)), JSONMember("reply", .base64URL(sealed))]).serialized
  }

  /// Opens and decodes the reply and checks that its body names the node it was sealed for.
  public func open(with key: borrowing ReplyKey, from context: ReplyContext) throws(ReplyRefusal) -> SignedReply {
    guard request == context.request else { throw .wrongContext }
    let plaintext: [UInt8]
    do { plaintext = try key.open(sealed, from: context) } catch { throw .notForThisKey }
    let reply: SignedReply
    do { reply = try SignedReply(decoding: plaintext) } catch { throw .malformed(error) }
    guard reply.body.context == context else { throw .wrongContext }
    return reply
  }
}

/// Why a client does not take a sealed reply; in every case the node that gave it is at fault.
public enum ReplyRefusal: Error, Sendable, Hashable {
  case wrongContext
  case notForThisKey
  case malformed(FormatError)
}
