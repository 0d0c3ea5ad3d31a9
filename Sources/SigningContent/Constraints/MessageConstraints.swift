public import Identifiers

/// Limits of personal messages.
public struct PersonalMessageConstraints: Sendable, Hashable {
  public static let longestPrefix = 1024

  /// What every message begins with.
  public let prefix: [UInt8]?

  public init(prefix: [UInt8]? = nil) throws(ConstraintError) {
    if let prefix {
      guard !prefix.isEmpty else { throw .emptyList }
      guard prefix.count <= Self.longestPrefix else { throw .outOfRange }
    }
    self.prefix = prefix
  }

  func violation(by message: PersonalMessage) -> ConstraintViolation? {
    guard let prefix, !message.bytes.starts(with: prefix) else { return nil }
    return .messagePrefix
  }
}

/// Limits of typed data. A domain that does not say what is limited is refused.
public struct TypedDataConstraints: Sendable, Hashable {
  public let chainIDs: [UInt64]?
  public let verifyingContracts: [WalletAddress]?

  public init(chainIDs: [UInt64]? = nil, verifyingContracts: [WalletAddress]? = nil) throws(ConstraintError) {
    try ConstraintList.check(chainIDs, by: <)
    try ConstraintList.check(verifyingContracts, by: <)
    guard chainIDs?.first != 0 else { throw .outOfRange }
    self.chainIDs = chainIDs
    self.verifyingContracts = verifyingContracts
  }

  func violation(by data: TypedData) -> ConstraintViolation? {
    if let chainIDs {
      guard let chainID = data.domain.chainID, chainIDs.contains(where: { UInt256($0) == chainID }) else {
        return .chain
      }
    }
    if let verifyingContracts {
      guard let contract = data.domain.verifyingContract, verifyingContracts.contains(contract) else {
        return .verifyingContract
      }
    }
    return nil
  }
}
