public import Identifiers
public import Secrets

/// Key shares with the certificate they belong to.
public struct StoredShares: ~Copyable, Sendable {
  /// Pending: the body every member is asked to sign. Active: the complete certificate.
  public let certificate: [UInt8]
  public let shares: SecretBytes

  init(certificate: [UInt8], shares: consuming SecretBytes) {
    self.certificate = certificate
    self.shares = shares
  }
}

extension Vault {
  /// Keeps shares that are not usable yet, under the digest of the certificate body they came with. An earlier attempt of
  /// the epoch is dropped, except one this node already signed for: that one may still become complete.
  public func keepPendingShares(
    _ shares: borrowing SecretBytes, certificateBody: [UInt8], epoch: UInt64, digest: Digest32
  ) throws(VaultError) {
    let signed = try signedCertificate(epoch: epoch)
    let earlier = addresses(of: .pendingShares)
      .filter { $0.epoch == epoch && $0.id != digest.bytes && $0.id != signed?.bytes }
    try write(
      Self.joined(certificateBody, shares), at: RowAddress(.pendingShares, id: digest.bytes, epoch: epoch),
      deleting: earlier)
  }

  public func pendingShares(epoch: UInt64, digest: Digest32) throws(VaultError) -> StoredShares? {
    try storedShares(at: RowAddress(.pendingShares, id: digest.bytes, epoch: epoch))
  }

  /// Makes pending shares usable: they become the epoch's active shares and every pending row of the epoch goes, in one
  /// transaction. Repeating it with the same certificate changes nothing.
  public func activatePendingShares(
    epoch: UInt64, digest: Digest32, certificate: [UInt8]
  ) throws(VaultError) {
    let active = RowAddress(.activeShares, epoch: epoch)
    if let there = try storedShares(at: active) {
      guard there.certificate == certificate else { throw .alreadyThere(active) }
      return
    }
    let pending = RowAddress(.pendingShares, id: digest.bytes, epoch: epoch)
    guard let stored = try storedShares(at: pending) else { throw .notThere(pending) }
    try write(
      Self.joined(certificate, stored.shares), at: active,
      deleting: addresses(of: .pendingShares).filter { $0.epoch == epoch })
  }

  public func activeShares(epoch: UInt64) throws(VaultError) -> StoredShares? {
    try storedShares(at: RowAddress(.activeShares, epoch: epoch))
  }

  /// The epochs with active shares, ascending.
  public func activeEpochs() -> [UInt64] {
    addresses(of: .activeShares).map(\.epoch)
  }

  private func storedShares(at address: RowAddress) throws(VaultError) -> StoredShares? {
    guard let row = try read(address) else { return nil }
    guard let split = Self.split(row) else { throw .rowRefused(address, .malformed) }
    return split
  }
}

/// Row content of both kinds: u32 certificate length ‖ certificate ‖ shares.
extension Vault {
  private static func joined(_ certificate: [UInt8], _ shares: borrowing SecretBytes) -> SecretBytes {
    let head = UInt32(certificate.count).bigEndianBytes + certificate
    var joined = SecretBytes(zeroed: head.count + shares.count)
    unsafe joined.withUnsafeMutableBytes { target in
      unsafe target.copyBytes(from: head)
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[head.count...])
      unsafe shares.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
    }
    return joined
  }

  private static func split(_ row: borrowing SecretBytes) -> StoredShares? {
    unsafe row.withUnsafeBytes { bytes -> StoredShares? in
      guard bytes.count >= 4 else { return nil }
      let length = unsafe bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - 4 else { return nil }
      let shares = unsafe SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[(4 + length)...]))
      return unsafe StoredShares(certificate: [UInt8](bytes[4..<(4 + length)]), shares: shares)
    }
  }
}
