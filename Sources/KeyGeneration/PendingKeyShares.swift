public import PublicKeys
public import SecretSharing
public import Secrets

/// A member's shares of all root keys before the key certificate is complete.
///
/// There is nothing to do with them but to keep them and, with the certificate, to turn them into ``KeyShares``.
public struct PendingKeyShares: ~Copyable, Sendable {
  /// What all members have to sign.
  public let body: KeyCertificateBody
  public let party: PartyID
  let secrets: SecretBytes

  init(body: KeyCertificateBody, party: PartyID, secrets: consuming SecretBytes) {
    self.body = body
    self.party = party
    self.secrets = secrets
  }

  /// The form the vault keeps: `u8 version ‖ u16 party ‖ lp(body) ‖ shares`.
  public borrowing func encoded() -> SecretBytes {
    StoredShares.encode(.pending, party: party, document: body.encoded, secrets: secrets)
  }

  public init(encoded: borrowing SecretBytes) throws(KeyShareError) {
    let stored = try StoredShares(encoded, .pending)
    let body: KeyCertificateBody
    do {
      body = try KeyCertificateBody(encoded: stored.document)
    } catch {
      throw .malformed
    }
    guard Int(stored.party.value) <= body.threshold.n else { throw .malformed }
    self.init(body: body, party: stored.party, secrets: stored.takeSecrets())
  }

  /// The active shares, once all members signed.
  ///
  /// - Throws: ``KeyShareError/otherCertificate`` when the certificate is not the one these shares belong to,
  ///   ``KeyShareError/inconsistent`` when a share is not what the certificate says.
  public consuming func activated(by certificate: KeyCertificate) throws(KeyShareError) -> KeyShares {
    guard certificate.digest == body.digest else { throw .otherCertificate }
    return try KeyShares(certificate: certificate, party: party, secrets: secrets)
  }
}

/// Why stored shares cannot be used.
public enum KeyShareError: Error, Sendable, Hashable {
  /// Not an encoding of this kind and version.
  case malformed
  case otherCertificate
  /// The shares do not match the commitments in the certificate: what was stored is not what was written.
  case inconsistent
  /// The certificate in store does not verify.
  case certificate(KeyCertificateError)
  /// The system gives no guarded memory.
  case noGuardedMemory
}
