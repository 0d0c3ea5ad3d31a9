public import Identifiers
internal import Secrets

extension Vault {
  /// The digest of the one key certificate this node signed for the epoch.
  public func signedCertificate(epoch: UInt64) throws(VaultError) -> Digest32? {
    let address = RowAddress(.signedCertificate, epoch: epoch)
    guard let row = try read(address) else { return nil }
    guard let digest = try? Digest32(bytes: unsafe row.withUnsafeBytes { unsafe [UInt8]($0) }) else {
      throw .rowRefused(address, .malformed)
    }
    return digest
  }

  /// Records the intention to sign, before the signature is made. Throws when another certificate of the epoch was
  /// recorded; the same one again is fine.
  public func recordCertificateSignature(epoch: UInt64, digest: Digest32) throws(VaultError) {
    if let signed = try signedCertificate(epoch: epoch) {
      guard signed == digest else { throw .anotherCertificateSigned(epoch: epoch) }
      return
    }
    try write(SecretBytes(copying: digest.bytes), at: RowAddress(.signedCertificate, epoch: epoch))
  }
}
