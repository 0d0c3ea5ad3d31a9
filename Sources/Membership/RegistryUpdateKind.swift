/// What an update changes; the raw value stands in the registry and in the text its signers read.
public enum RegistryUpdateKind: String, CaseIterable, Sendable, Hashable {
  /// Replaces the whole list of members.
  case members
  /// Begins the next epoch.
  case epoch
  /// Which kinds of evidence are accepted now, what is asked of them, and the minimum stake.
  case policy
  /// Replaces the list of code that may run.
  case measurements
  /// Names the key certificate of the current epoch, once.
  case keyCertificate
  /// Who may do what with one key.
  case keyRecord
  /// From when on a wallet's capabilities count.
  case notBefore

  /// Whose signatures the update needs.
  public var signers: Signers {
    switch self {
    case .members, .epoch, .policy, .measurements, .keyCertificate: .stakers
    case .keyRecord: .owner
    case .notBefore: .wallet
    }
  }

  public enum Signers: String, Sendable, Hashable {
    /// More than two thirds of the stakers of the current members.
    case stakers
    /// The owner the key record names.
    case owner
    /// The wallet the update is about.
    case wallet
  }
}
