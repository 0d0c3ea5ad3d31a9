/// Why values do not describe a sharing, or bytes not a part of one.
public enum SharingError: Error, Sendable, Hashable {
  case partyZero
  case noParties
  case duplicateParty(PartyID)
  /// The party is not in the set that the operation is about.
  case unknownParty(PartyID)
  case impossibleThreshold
  /// A commitment does not have exactly `t` elements.
  case wrongCommitmentLength(expected: Int, actual: Int)
  /// Not the canonical encoding of a scalar or of an element other than the identity.
  case malformed
  /// A sum of commitments has the identity in it, so that part of the secret would be public.
  case degenerateCommitment
}
