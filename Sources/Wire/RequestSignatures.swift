public import Identifiers
import Signatures
import Transcripts

extension SignedRequest {
  /// Whether the session key named by the header signed exactly these texts.
  public var hasValidSignature: Bool {
    Ed25519.isValid(signature: signature, message: signingInput, publicKey: sessionKey)
  }
}

extension Delivery {
  /// Whether `sessionKey` (32 bytes) handed the request to exactly this node and instance.
  public func isValid(of request: RequestID, node: NodeID, instance: Instance, sessionKey: [UInt8]) -> Bool {
    Ed25519.isValid(
      signature: signature, message: Self.message(request: request, node: node, instance: instance),
      publicKey: sessionKey)
  }

  /// Tag ‖ lp(request id) ‖ lp(node id as text) ‖ lp(instance).
  static func message(request: RequestID, node: NodeID, instance: Instance) -> [UInt8] {
    TaggedHash.encoding(.delivery, [request.bytes, Array(node.text.utf8), instance.bytes])
  }
}
