public import SecretSharing

/// Why shares did not give a signature.
public enum AggregationFailure: Error, Sendable, Hashable {
  /// These signers' shares do not fit their verifying shares, or they signed with another quorum; all of them.
  case culprits([PartyID])
  /// Signers show different commitment lists; in each pair one is at fault.
  case disputes([CommitmentDispute])
  case missing([PartyID])
  case unexpected(PartyID)
  case duplicate(PartyID)
  /// The transcript is about another key, or the key is for another scheme.
  case wrongKey
  /// The agreed commitments do not make a signing.
  case noTranscript(SigningInputError)
  /// Every share holds and their sum does not: the certificate's key and verifying shares contradict each other.
  case inconsistent

  /// Whom to blame for certain.
  public var culprits: [PartyID] {
    switch self {
    case .culprits(let parties): parties
    case .disputes, .missing, .unexpected, .duplicate, .wrongKey, .noTranscript, .inconsistent: []
    }
  }
}
