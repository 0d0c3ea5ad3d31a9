import Identifiers

/// The body of `POST /v1/sign`, `/v1/decrypt` and `/v1/execute`: the request every node of the quorum gets, and the delivery
/// only this node gets.
public struct RequestSubmission: Sendable, Hashable {
  public let request: SignedRequest
  public let delivery: Delivery

  public init(request: SignedRequest, delivery: Delivery) {
    self.request = request
    self.delivery = delivery
  }

  public init(decoding body: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: WireLimits.body))
    var request = try fields.object("request")
    self.request = try SignedRequest(&request)
    delivery = Delivery(unverified: try fields.bytes("delivery", count: SignedRequest.signatureByteCount))
    try fields.finish()
  }

  public var encoded: [UInt8] {
    JSONValue.object([
      JSONMember("request", request.json), JSONMember("delivery", .base64URL(delivery.signature)),
    ]).serialized
  }
}

/// The session key's signature that hands a request to one node and instance: without it no node acts, so no node can
/// pass a request on in the user's name.
public struct Delivery: Sendable, Hashable {
  /// Ed25519 over ``message(request:node:instance:)``, 64 bytes.
  public let signature: [UInt8]

  init(unverified signature: [UInt8]) {
    self.signature = signature
  }
}
