internal import EthereumChain
public import Identifiers

extension EndpointSet {
  /// How far below the newest block one may lie at which something is still judged: ordinary nodes of a chain keep the
  /// state of 128.
  public static let pastBlockLimit: UInt64 = 120
  /// How long before the newest block that counts one may have been made, in seconds. Views of a registry are at most a
  /// minute old, the user's and the node's.
  public static let pastTimeLimit: Int64 = 180

  /// An earlier block that somebody named, if it is part of the chain that `agreed` belongs to.
  ///
  /// - Throws: ``ChainTrouble/historyChanged(number:)`` is never thrown here: that a stranger names a block which is not
  ///   on the chain says nothing about the chain. Nil stands for that.
  public func block(
    _ number: UInt64, hash: Digest32, under agreed: AgreedBlock
  ) async throws(ChainTrouble) -> AgreedBlock? {
    if number == agreed.number { return agreed.hash == hash ? agreed : nil }
    guard number < agreed.number, Self.isKept(number, under: agreed) else { return nil }
    let answers = await askAgain(for: .stranger, until: { self.agreed($0) != nil }) {
      (endpoint, _) throws(RPCFailure) in
      try await endpoint.header(number: number)
    }
    let header = try requireAgreement(answers, for: .stranger, about: .header)
    guard header.hash == hash, Self.isRecent(header.moment, under: agreed) else { return nil }
    return AgreedBlock(
      header: header, headNumber: agreed.headNumber, headMoment: agreed.headMoment, readAt: agreed.readAt,
      actableUntil: agreed.actableUntil)
  }

  /// Whether ordinary nodes still have the state of the block with this number.
  public static func isKept(_ number: UInt64, under agreed: AgreedBlock) -> Bool {
    number <= agreed.headNumber && agreed.headNumber - number <= pastBlockLimit
  }

  /// Whether what was made at this moment is not too long ago to judge by.
  public static func isRecent(_ moment: Timestamp, under agreed: AgreedBlock) -> Bool {
    agreed.header.moment.seconds(since: moment) <= pastTimeLimit
  }
}
