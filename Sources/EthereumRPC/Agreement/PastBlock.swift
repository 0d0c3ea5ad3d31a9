internal import EthereumChain
public import Identifiers

extension EndpointSet {
  /// How far back a block may lie at which something is still judged: what ordinary nodes of a chain keep the state of,
  /// and not so long ago that what was true there is long over.
  public static let pastBlockLimit: UInt64 = 120
  public static let pastTimeLimit: Int64 = 600

  /// An earlier block that somebody named, if it is part of the chain that `agreed` belongs to.
  ///
  /// - Throws: ``ChainTrouble/historyChanged(number:)`` is never thrown here: that a stranger names a block which is not
  ///   on the chain says nothing about the chain. Nil stands for that.
  public func block(
    _ number: UInt64, hash: Digest32, under agreed: AgreedBlock
  ) async throws(ChainTrouble) -> AgreedBlock? {
    guard number <= agreed.number, agreed.number - number <= Self.pastBlockLimit else { return nil }
    if number == agreed.number { return agreed.hash == hash ? agreed : nil }
    let answers = await askAgain(until: { self.agreed($0) != nil }) { (endpoint, _) throws(RPCFailure) in
      try await endpoint.header(number: number)
    }
    let header = try requireAgreement(answers, about: .header)
    guard header.hash == hash, agreed.header.moment.seconds(since: header.moment) <= Self.pastTimeLimit else {
      return nil
    }
    return AgreedBlock(
      header: header, headNumber: agreed.headNumber, headMoment: agreed.headMoment, readAt: agreed.readAt,
      actableUntil: agreed.actableUntil)
  }
}
