public import Identifiers
public import Signatures

/// Makes a user's request: the client's side of ``SignedRequest`` and ``Delivery``.
///
/// Signing is for the holder of a session key that the capability names.
public struct RequestBuilder: Sendable {
  private let sessionKey: Ed25519SigningKey

  public init(sessionKey: Ed25519SigningKey) {
    self.sessionKey = sessionKey
  }

  public func sign(_ payload: RequestPayload) throws(FormatError) -> SignedRequest {
    let protectedText = ProtectedHeader.text(sessionKey: sessionKey.publicKey)
    let payloadText = Base64URL.encode(payload.encoded)
    let input = SignedRequest.signingInput(protectedText: protectedText, payloadText: payloadText)
    return try SignedRequest(
      protectedText: protectedText, payloadText: payloadText, signature: sessionKey.sign(input))
  }

  /// What hands the request to one node of its quorum, as it runs now.
  public func delivery(of request: SignedRequest, to entry: QuorumEntry) -> Delivery {
    let message = Delivery.message(request: request.id, node: entry.node, instance: entry.instance)
    return Delivery(unverified: sessionKey.sign(message))
  }

  /// One submission for every node of the quorum.
  public func submissions(of request: SignedRequest) -> [(node: NodeID, submission: RequestSubmission)] {
    request.payload.quorum.entries.map { entry in
      (entry.node, RequestSubmission(request: request, delivery: delivery(of: request, to: entry)))
    }
  }
}
