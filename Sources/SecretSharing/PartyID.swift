/// A party's x-coordinate in every sharing it takes part in: 1…65535, never 0, where the secret lies.
public struct PartyID: Sendable, Hashable, Comparable {
  public let value: UInt16

  /// - Throws: ``SharingError/partyZero``.
  public init(_ value: UInt16) throws(SharingError) {
    guard value != 0 else { throw .partyZero }
    self.value = value
  }

  /// For values this module counts itself.
  init(counted value: UInt16) {
    precondition(value != 0)
    self.value = value
  }

  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

extension PartyID: CustomStringConvertible {
  public var description: String { String(value) }
}
