public import Identifiers
public import Wire

/// Why a registry, or an update of it, is not believed.
public enum RegistryFault: Error, Sendable, Hashable {
  case malformed(FormatError)
  /// The founding document is not the one this network is named after.
  case wrongNetwork
  /// Update numbers must go up by one.
  case wrongNumber(expected: UInt64, found: UInt64)
  /// The update follows another history.
  case brokenLink(number: UInt64)
  case foreignSigner(number: UInt64, WalletAddress)
  case repeatedSigner(number: UInt64, WalletAddress)
  case invalidSignature(number: UInt64, WalletAddress)
  case tooFewSignatures(number: UInt64, found: Int, needed: Int)
  case notAllowed(number: UInt64, RegistryRule)
  /// Updates that were there before are gone.
  case shortened(from: UInt64, to: UInt64)
  /// An update that was there before is another one now.
  case rewritten(number: UInt64)

  /// Whether the history itself was tampered with, after which nothing from the same place is believed again.
  public var isFatal: Bool {
    switch self {
    case .shortened, .rewritten, .wrongNetwork: true
    default: false
    }
  }
}

/// What an update that is properly signed may still not do.
public enum RegistryRule: Error, Sendable, Hashable {
  case tooManyUpdates
  case tooFewMembers
  /// Members are ordered by node id, each once.
  case membersUnordered
  /// Two members have one identity key.
  case sharedIdentityKey
  /// The member's identity key did not sign its registration for this network.
  case unprovedIdentityKey(NodeID)
  case sharedEndpoint
  /// Epochs go up by one.
  case epochNotNext
  /// A key certificate belongs to the current epoch.
  case certificateOfOtherEpoch
  /// An epoch has one key certificate.
  case certificateAlreadyNamed
  /// Only what the founding document allows.
  case evidenceKindNotFounded
  case minimumStakeOutOfRange
  /// Revocations do not end.
  case notBeforeGoesBack
}
