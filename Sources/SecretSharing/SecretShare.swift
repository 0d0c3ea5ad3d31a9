public import Curves
public import Secrets

/// One party's share of one secret.
public struct SecretShare<G: PrimeOrderGroup>: ~Copyable, Sendable {
  public let party: PartyID
  public let value: SecretScalar<G>

  public init(party: PartyID, value: consuming SecretScalar<G>) {
    self.party = party
    self.value = value
  }

  /// - Throws: ``SharingError/malformed`` unless the bytes are the canonical encoding of a scalar.
  public init(party: PartyID, canonicalBytes: borrowing SecretBytes) throws(SharingError) {
    do {
      value = try SecretScalar(canonicalBytes: canonicalBytes)
    } catch {
      throw .malformed
    }
    self.party = party
  }

  /// Feldman's check: `share · G` is what the commitment says it must be, and not the identity.
  public borrowing func isConsistent(with commitment: FeldmanCommitment<G>) -> Bool {
    let expected = commitment.evaluated(at: party)
    return !expected.isIdentity && value.timesGenerator() == expected
  }
}
