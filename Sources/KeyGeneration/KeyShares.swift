public import Curves
public import Identifiers
public import PublicKeys
public import SecretSharing
public import Secrets

/// A member's shares of the root keys of one key certificate, and of every key derived from them.
///
/// The roots' shares stay in one piece of guarded memory for as long as this lives. What it gives out is wiped when its
/// holder drops it. Nothing here, and nothing anywhere else, puts shares of different members together.
public final class KeyShares: Sendable {
  public let certificate: KeyCertificate
  public let party: PartyID
  private let secrets: SecretBytes

  init(certificate: KeyCertificate, party: PartyID, secrets: consuming SecretBytes) throws(KeyShareError) {
    guard certificate.member(party) != nil else { throw .malformed }
    do {
      self.secrets = try secrets.guardedClone()
    } catch {
      throw .noGuardedMemory
    }
    self.certificate = certificate
    self.party = party
    for slot in RootSlot.all {
      guard try isConsistent(slot, in: slot.purpose.group) else { throw .inconsistent }
    }
  }

  /// This member's share of a user's signing key: `x = Σ hⁱ·xᵢ`, computed here and now.
  ///
  /// - Throws: ``KeyDerivationError/notASigningPurpose`` or ``KeyDerivationError/wrongGroup``.
  public func derivedShare<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, keyID: KeyID, in group: G.Type = G.self
  ) throws(KeyDerivationError) -> SecretShare<G> {
    try combinedShare(purpose, weights: KeyDerivation.weights(keyID, purpose, in: G.self))
  }

  /// This member's share of the network's encryption key; decryption shares are made with it.
  public func encryptionShare() throws(KeyDerivationError) -> SecretShare<BLS12381G1> {
    try combinedShare(.bls12381IBE, weights: [.one])
  }

  /// What only this member knows, to hedge randomness with.
  public func longTermSecret() -> SecretBytes { secrets.clone() }

  /// The form the vault keeps: `u8 version ‖ u16 party ‖ lp(certificate) ‖ shares`.
  public func encoded() -> SecretBytes {
    StoredShares.encode(.active, party: party, document: certificate.encoded, secrets: secrets)
  }

  /// Reads shares back; the certificate in store is verified like any other.
  public convenience init(
    encoded: borrowing SecretBytes, network: NetworkID, epoch: UInt64, anchor: UnverifiedKeyCertificate.Anchor
  ) throws(KeyShareError) {
    let stored = try StoredShares(encoded, .active)
    let certificate: KeyCertificate
    do {
      certificate = try UnverifiedKeyCertificate(encoded: stored.document)
        .verified(network: network, epoch: epoch, anchor: anchor)
    } catch {
      throw .certificate(error)
    }
    try self.init(certificate: certificate, party: stored.party, secrets: stored.takeSecrets())
  }

  private func combinedShare<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, weights: [G.Scalar]
  ) throws(KeyDerivationError) -> SecretShare<G> {
    let slots = RootSlot.of(purpose)
    guard purpose.group == G.self, slots.count == weights.count else { throw .wrongGroup }
    var sum = SecretScalar<G>(.zero)
    for (slot, weight) in zip(slots, weights) {
      guard let share = share(slot, in: G.self) else { throw .wrongGroup }
      sum = sum.adding(share.value.multiplied(by: weight))
    }
    return SecretShare(party: party, value: sum)
  }

  private func share<G: PrimeOrderGroup>(_ slot: RootSlot, in group: G.Type) -> SecretShare<G>? {
    guard let bytes = secrets.copy(of: slot.shareRange) else { return nil }
    return try? SecretShare(party: party, canonicalBytes: bytes)
  }

  private func isConsistent<G: PrimeOrderGroup>(_ slot: RootSlot, in group: G.Type) throws(KeyShareError) -> Bool {
    guard let roots = certificate.body.roots[slot.purpose], roots.indices.contains(slot.root),
      let commitment = try? FeldmanCommitment<G>(encodedElements: roots[slot.root], certificate.threshold),
      let share = share(slot, in: G.self)
    else { return false }
    return share.isConsistent(with: commitment)
  }
}
