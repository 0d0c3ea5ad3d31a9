public import SecretSharing

/// Why values do not describe one FROST signing.
public enum SigningInputError: Error, Sendable, Hashable {
  case malformedCommitment(PartyID)
  case identityCommitment(PartyID)
  case malformedShare(PartyID)
  /// Not in ascending order of participants, or one of them twice.
  case unorderedCommitments
  /// The commitments are not of exactly the quorum.
  case notTheQuorum
  /// A quorum is exactly `t` of the certified members.
  case wrongQuorumSize
  case unknownParty(PartyID)
  /// The sum of all commitments is the identity; at least one signer chose its own knowing the others'.
  case identityGroupCommitment
  case identityKey
  /// The key's purpose is another scheme's.
  case wrongPurpose
}
