import Testing

/// Attacks that types make impossible: the misuse does not compile, and what differs from it only in being right does.
struct MisuseTests {
  private static let imports = """
    import Aggregation
    import Curves
    import Identifiers
    import KeyGeneration
    import PublicKeys
    import Rounds
    import Secrets
    import SecretSharing
    import Signatures
    import ThresholdSchnorr

    """

  @Test func `P4 P10 P21 P27 P38 N what the following tests forbid compiles when it is done right`() throws {
    try CompiledMisuse(
      Self.imports + """
        func once<S>(_ nonces: consuming SigningNonces<S>, _ list: CommitmentList<S>) throws -> SigningContribution<S> {
          try nonces.sign(list)
        }
        func commitment<S>(_ nonces: borrowing SigningNonces<S>) -> SigningCommitments<S> { nonces.commitments }
        func size(_ secret: borrowing SecretBytes) -> String { "\\(secret.count)" }
        func copied(_ secret: borrowing SecretBytes) -> SecretBytes { secret.clone() }
        func session(_ envelope: Envelope) -> [UInt8] { envelope.session.bytes }
        func active(_ shares: KeyShares, _ id: KeyID) throws {
          let share: SecretShare<Edwards25519> = try shares.derivedShare(.ed25519Sign, keyID: id)
          _ = share.party
        }
        func kept(_ pending: borrowing PendingKeyShares) -> SecretBytes { pending.encoded() }
        func key(_ certificate: KeyCertificate) throws -> DerivedPublicKey<BLS12381G1> {
          try certificate.encryptionKey()
        }
        """
    ).check()
  }

  @Test func `P21 P27 nonces cannot be used twice, not after a failure, not by way of a copy`() throws {
    try CompiledMisuse(
      Self.imports + """
        func twice<S>(_ nonces: consuming SigningNonces<S>, _ list: CommitmentList<S>) throws { // error: consumed more than once
          _ = try nonces.sign(list)
          _ = try nonces.sign(list)
        }
        func again<S>(_ nonces: consuming SigningNonces<S>, _ list: CommitmentList<S>) throws { // error: consumed more than once
          do { _ = try nonces.sign(list) } catch { _ = try nonces.sign(list) }
        }
        func copied<S>(_ nonces: consuming SigningNonces<S>, _ list: CommitmentList<S>) throws { // error: consumed more than once
          let copy = nonces
          _ = try copy.sign(list)
          _ = try nonces.sign(list)
        }
        func kept<S>(_ nonces: borrowing SigningNonces<S>, _ list: CommitmentList<S>) throws { // error: cannot be consumed
          _ = try nonces.sign(list)
        }
        """
    ).check()
  }

  @Test func `P4 P10 P21 P38 secrets are neither copied nor printed, pending shares sign nothing`() throws {
    try CompiledMisuse(
      Self.imports + """
        func boxed<S>(_ nonces: consuming SigningNonces<S>) -> Any {
          nonces // error: Copyable
        }
        func listed<S>(_ nonces: consuming SigningNonces<S>) {
          _ = [nonces] // error: Copyable
        }
        func told(_ secret: borrowing SecretBytes) -> String {
          "\\(secret)" // error: appendInterpolation
        }
        func described(_ share: borrowing SecretScalar<Edwards25519>) -> String {
          String(describing: share) // error: no exact matches
        }
        func compared(_ one: borrowing SecretBytes, _ two: borrowing SecretBytes) -> Bool {
          one == two // error: cannot be applied
        }
        func sender(_ envelope: Envelope) {
          _ = envelope.sender // error: no member 'sender'
        }
        func early(_ pending: borrowing PendingKeyShares, _ id: KeyID) throws {
          let _: SecretShare<Edwards25519> = try pending.derivedShare(.ed25519Sign, keyID: id) // error: no member 'derivedShare'
        }
        func unverified(_ certificate: UnverifiedKeyCertificate) throws {
          _ = try certificate.encryptionKey() // error: no member 'encryptionKey'
        }
        """
    ).check()
  }
}
