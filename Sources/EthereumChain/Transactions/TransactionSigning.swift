public import Identifiers
public import Signatures
public import SigningContent

extension EthereumTransaction {
  /// Signs with a wallet's key at hand.
  ///
  /// - Throws: ``EthereumTransactionError/signature`` when the key cannot sign.
  public func signed(by key: EthereumSigningKey) throws(EthereumTransactionError) -> SignedEthereumTransaction {
    guard let bytes = try? key.sign(signingDigest), let v = bytes.last, v >= 27 else { throw .signature }
    return try signed(by: Array(bytes.dropLast()), recoveryID: v - 27)
  }
}

extension Identifier where Kind == WalletAddressKind {
  /// The address of the contract that a sender's transaction with this nonce creates: the last 20 bytes of Keccak-256
  /// over the RLP of both (yellow paper, section 7).
  public init?(contractCreatedBy sender: WalletAddress, nonce: UInt64) {
    let digest = Digest32.keccak256(RLPItem.list([.bytes(sender.bytes), .integer(nonce)]).encoded)
    try? self.init(bytes: digest.bytes.suffix(20))
  }
}
