public import Curves
public import SecretSharing

/// The public side of one shared key: what its signatures verify under and what each member's shares verify under.
public struct DerivedPublicKey<G: PrimeOrderGroup>: Sendable {
  /// The one purpose it may be used for: two purposes may share a group, never a key.
  public let purpose: KeyPurpose
  /// Never the identity.
  public let publicKey: G.Element
  public let threshold: Threshold
  private let roots: [FeldmanCommitment<G>]
  private let weights: [G.Scalar]

  /// - Throws: ``KeyDerivationError/identityKey``.
  init(
    _ purpose: KeyPurpose, roots: [FeldmanCommitment<G>], weights: [G.Scalar], threshold: Threshold
  ) throws(KeyDerivationError) {
    let key = KeyDerivation.combine(roots.map(\.constantTerm), weights: weights)
    guard !key.isIdentity else { throw .identityKey }
    self.purpose = purpose
    publicKey = key
    self.threshold = threshold
    self.roots = roots
    self.weights = weights
  }

  /// The member's secret share times the generator, computed from the certified commitments when it is needed: only
  /// a bad signature makes anybody look at single shares.
  ///
  /// - Throws: ``KeyDerivationError/unknownParty`` outside 1…n, ``KeyDerivationError/identityKey`` for a zero share.
  public func verifyingShare(of party: PartyID) throws(KeyDerivationError) -> G.Element {
    guard Int(party.value) <= threshold.n else { throw .unknownParty }
    let share = KeyDerivation.combine(roots.map { $0.evaluated(at: party) }, weights: weights)
    guard !share.isIdentity else { throw .identityKey }
    return share
  }
}
