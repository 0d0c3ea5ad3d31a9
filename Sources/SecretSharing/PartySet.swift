/// The parties of one run, in ascending order, each once, at least one.
public struct PartySet: Sendable, Hashable {
  public let parties: [PartyID]

  /// - Throws: ``SharingError/noParties`` or ``SharingError/duplicateParty(_:)``.
  public init(_ parties: some Sequence<PartyID>) throws(SharingError) {
    let ordered = parties.sorted()
    guard !ordered.isEmpty else { throw .noParties }
    for (earlier, later) in zip(ordered, ordered.dropFirst()) where earlier == later {
      throw .duplicateParty(later)
    }
    self.parties = ordered
  }

  /// Everybody who holds a share: 1…n.
  public init(allOf threshold: Threshold) {
    parties = (1...UInt16(threshold.n)).map(PartyID.init(counted:))
  }

  /// All but one, in ascending order.
  public func others(than party: PartyID) -> [PartyID] { parties.filter { $0 != party } }
}

extension PartySet: RandomAccessCollection {
  public var startIndex: Int { parties.startIndex }
  public var endIndex: Int { parties.endIndex }
  public subscript(position: Int) -> PartyID { parties[position] }
}
