public import Identifiers
public import Secrets

/// Key shares, in the encoding the key generation gives them.
extension Vault {
  /// Keeps shares that are not usable yet, under the digest of the certificate body they came with, in place of those of
  /// an earlier attempt at the epoch. Throws when this node already signed for other shares: those must stay.
  public func keepPendingShares(
    _ shares: borrowing SecretBytes, epoch: UInt64, digest: Digest32
  ) throws(VaultError) {
    if let signed = try signedCertificate(epoch: epoch), signed.digest != digest {
      throw .anotherCertificateSigned(epoch: epoch)
    }
    try write(
      shares, at: RowAddress(.pendingShares, id: digest.bytes, epoch: epoch),
      deleting: addresses(of: .pendingShares).filter { $0.epoch == epoch && $0.id != digest.bytes })
  }

  /// Forgets pending shares nothing can come of. Throws when this node signed for them: somebody may still need them.
  public func dropPendingShares(epoch: UInt64, digest: Digest32) throws(VaultError) {
    if let signed = try signedCertificate(epoch: epoch), signed.digest == digest {
      throw .anotherCertificateSigned(epoch: epoch)
    }
    try delete(addresses(of: .pendingShares).filter { $0.epoch == epoch && $0.id == digest.bytes })
  }

  public func pendingShares(epoch: UInt64, digest: Digest32) throws(VaultError) -> SecretBytes? {
    try read(RowAddress(.pendingShares, id: digest.bytes, epoch: epoch))
  }

  /// The certificate body of the epoch this node has pending shares for.
  public func pendingDigest(epoch: UInt64) -> Digest32? {
    addresses(of: .pendingShares).first { $0.epoch == epoch }.flatMap { try? Digest32(bytes: $0.id) }
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
