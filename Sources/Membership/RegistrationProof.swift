package import Identifiers
import Signatures
import Transcripts

extension Registration {
  /// Tag ‖ lp(network) ‖ lp(node id as text) ‖ lp(identity key) ‖ lp(peer endpoint) ‖ lp(client endpoint).
  static func messageToSign(
    network: NetworkID, node: NodeID, identityKey: [UInt8], peerEndpoint: Endpoint, clientEndpoint: Endpoint
  ) -> [UInt8] {
    TaggedHash.encoding(
      .nodeRegistration,
      [
        network.bytes, Array(node.text.utf8), identityKey, Array(peerEndpoint.text.utf8),
        Array(clientEndpoint.text.utf8),
      ])
  }

  /// Whether the identity key itself signed this registration, for this network.
  package func isProved(for network: NetworkID) -> Bool {
    Ed25519.isValid(
      signature: proof,
      message: Self.messageToSign(
        network: network, node: node, identityKey: identityKey, peerEndpoint: peerEndpoint,
        clientEndpoint: clientEndpoint),
      publicKey: identityKey)
  }
}
