public import Identifiers
internal import Secrets

/// A node's one signature of a key certificate of an epoch.
public struct SignedCertificateRecord: Sendable, Hashable {
  /// Of the certificate body.
  public let digest: Digest32
  /// 64 bytes.
  public let signature: [UInt8]

  static let signatureByteCount = 64

  public init(digest: Digest32, signature: [UInt8]) {
    self.digest = digest
    self.signature = signature
  }
}

extension Vault {
  /// What this node signed for the epoch, if it did.
  public func signedCertificate(epoch: UInt64) throws(VaultError) -> SignedCertificateRecord? {
    let address = RowAddress(.signedCertificate, epoch: epoch)
    guard let row = try read(address) else { return nil }
    do {
      var reader = ByteReader(unsafe row.withUnsafeBytes { unsafe [UInt8]($0) })
      let digest = try Digest32(bytes: reader.raw(32))
      let signature = try reader.raw(SignedCertificateRecord.signatureByteCount)
      try reader.finish()
      return SignedCertificateRecord(digest: digest, signature: signature)
    } catch {
      throw .rowRefused(address, .malformed)
    }
  }

  /// Records a signature before anybody gets it. Throws when another certificate of the epoch was recorded; the same one
  /// again is fine.
  public func recordCertificateSignature(
    epoch: UInt64, _ record: SignedCertificateRecord
  ) throws(VaultError) {
    let address = RowAddress(.signedCertificate, epoch: epoch)
    guard record.signature.count == SignedCertificateRecord.signatureByteCount else {
      throw .rowRefused(address, .malformed)
    }
    if let signed = try signedCertificate(epoch: epoch) {
      guard signed == record else { throw .anotherCertificateSigned(epoch: epoch) }
      return
    }
    try write(SecretBytes(copying: record.digest.bytes + record.signature), at: address)
  }
}
