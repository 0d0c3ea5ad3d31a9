public import SecretSharing

/// Why values do not describe one ECDSA signing.
public enum ECDSAInputError: Error, Sendable, Hashable {
  case malformedContribution
  /// A digest of zero modulo the order: anybody can turn a signature of it into others.
  case zeroDigest
  /// A quorum is exactly `t` of the certified members.
  case wrongQuorumSize
  case unknownParty(PartyID)
  /// The key's purpose is another scheme's.
  case wrongPurpose
}
