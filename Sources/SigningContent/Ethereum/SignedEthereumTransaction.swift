public import Identifiers
internal import Signatures

/// A transaction ready to be sent to its chain.
public struct SignedEthereumTransaction: Sendable, Hashable {
  public let transaction: EthereumTransaction
  /// The address whose key made the signature.
  public let sender: WalletAddress
  /// What a chain's node takes as raw transaction.
  public let serialized: [UInt8]
  /// Keccak-256 of ``serialized``: the transaction's name on its chain.
  public var hash: Digest32 { .keccak256(serialized) }
}

extension EthereumTransaction {
  /// Puts a signature of ``signingDigest`` in its place.
  ///
  /// - Parameters:
  ///   - signature: r ‖ s, 64 bytes, s in the lower half.
  ///   - recoveryID: 0 or 1, the parity of the nonce point's y.
  public func signed(
    by signature: [UInt8], recoveryID: UInt8
  ) throws(EthereumTransactionError) -> SignedEthereumTransaction {
    guard recoveryID <= 1, signature.count == 64,
      let sender = try? EthereumSignature.recover(digest: signingDigest, signature: signature + [27 + recoveryID]),
      let r = UInt256(bigEndianBytes: signature.prefix(32)), let s = UInt256(bigEndianBytes: signature.suffix(32))
    else { throw .signature }
    let scalars: [RLPItem] = [.integer(r), .integer(s)]
    let serialized: [UInt8]
    switch fees {
    case .legacy:
      // EIP-155: v = {0, 1} + chain id · 2 + 35, which the bound on chain ids keeps within 64 bits.
      let v = chainID * 2 + 35 + UInt64(recoveryID)
      serialized = RLPItem.list(signedFields + [.integer(v)] + scalars).encoded
    case .accessList:
      serialized = [1] + RLPItem.list(signedFields + [.integer(UInt64(recoveryID))] + scalars).encoded
    case .capped:
      serialized = [2] + RLPItem.list(signedFields + [.integer(UInt64(recoveryID))] + scalars).encoded
    }
    return SignedEthereumTransaction(transaction: self, sender: sender, serialized: serialized)
  }
}
