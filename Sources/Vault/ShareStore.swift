public import Identifiers
public import Secrets

/// Key shares, in the encoding the key generation gives them.
extension Vault {
  /// How many attempts of one epoch are kept besides the one this node signed for.
  static let pendingLimit = 4

  /// Keeps shares that are not usable yet, under the digest of the certificate body they came with. The one this node
  /// signed for stays until it is active; of the others the latest stay, since another member may still hold the same.
  public func keepPendingShares(
    _ shares: borrowing SecretBytes, epoch: UInt64, digest: Digest32
  ) throws(VaultError) {
    let signed = try signedCertificate(epoch: epoch)
    let others = addresses(of: .pendingShares)
      .filter { $0.epoch == epoch && $0.id != digest.bytes && $0.id != signed?.bytes }
      .sorted { generation(of: $0) > generation(of: $1) }
    try write(
      shares, at: RowAddress(.pendingShares, id: digest.bytes, epoch: epoch),
      deleting: Array(others.dropFirst(Self.pendingLimit - 1)))
  }

  public func pendingShares(epoch: UInt64, digest: Digest32) throws(VaultError) -> SecretBytes? {
    try read(RowAddress(.pendingShares, id: digest.bytes, epoch: epoch))
  }

  /// The certificate bodies of the epoch this node has pending shares for.
  public func pendingDigests(epoch: UInt64) -> [Digest32] {
    addresses(of: .pendingShares).filter { $0.epoch == epoch }.compactMap { try? Digest32(bytes: $0.id) }
  }

  /// Keeps usable shares; the epoch's pending ones go in the same transaction. An epoch's shares are never replaced.
  public func keepActiveShares(_ shares: borrowing SecretBytes, epoch: UInt64) throws(VaultError) {
    let address = RowAddress(.activeShares, epoch: epoch)
    if let there = try read(address) {
      guard there.isEqual(to: shares) else { throw .alreadyThere(address) }
      return
    }
    try write(
      shares, at: address, deleting: addresses(of: .pendingShares).filter { $0.epoch == epoch })
  }

  public func activeShares(epoch: UInt64) throws(VaultError) -> SecretBytes? {
    try read(RowAddress(.activeShares, epoch: epoch))
  }

  /// The epochs with active shares, ascending.
  public func activeEpochs() -> [UInt64] {
    addresses(of: .activeShares).map(\.epoch)
  }
}
