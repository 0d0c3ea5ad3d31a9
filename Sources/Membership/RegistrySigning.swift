public import Identifiers
public import Signatures
import Wire

extension RegistryProposal {
  /// Signs with wallets at hand: stakers' for what stakers decide, the owner's for a key record.
  public func signed(by wallets: [EthereumSigningKey]) throws(SignatureError) -> RegistryUpdate {
    var signatures: [RegistrySignature] = []
    for wallet in wallets {
      let bytes = try wallet.signMessage(Array(approvalText.utf8))
      guard let signature = try? RegistrySignature(signer: wallet.address, bytes: bytes) else {
        throw .wrongLength(expected: RegistrySignature.byteCount, actual: bytes.count)
      }
      signatures.append(signature)
    }
    return signed(signatures)
  }
}

extension RegistryWriter {
  /// Appends a change signed by wallets at hand.
  ///
  /// - Throws: ``RegistryTrouble/refused(_:)`` when the change or the wallets are not what the network demands.
  public func append(
    _ change: RegistryChange, to network: NetworkID, signedBy wallets: [EthereumSigningKey]
  ) async throws(RegistryTrouble) -> MembershipSnapshot {
    try await append(to: network) { (latest) throws(RegistryFault) in
      let proposal = try latest.proposing(change)
      do {
        return try proposal.signed(by: wallets)
      } catch {
        throw .tooFewSignatures(number: proposal.number, found: 0, needed: latest.signers(of: change).needed)
      }
    }
  }
}

extension Registration {
  /// Registers a node whose identity key is at hand.
  public init(
    network: NetworkID, node: NodeID, identityKey: Ed25519SigningKey, peerEndpoint: Endpoint, clientEndpoint: Endpoint
  ) {
    self.init(
      network: network, node: node, identityKey: identityKey.publicKey, peerEndpoint: peerEndpoint,
      clientEndpoint: clientEndpoint, signing: { identityKey.sign($0) })
  }
}
