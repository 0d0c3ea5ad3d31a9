public import EthereumChain
public import Identifiers

/// A block that enough endpoints have under enough others, with a hash computed here.
public struct AgreedBlock: Sendable, Hashable {
  public let header: BlockHeader
  /// The newest block that enough endpoints have.
  public let headNumber: UInt64
  /// When that block was made, as the chain says.
  public let headMoment: Timestamp
  /// When the reading began, on the monotonic clock: it is no younger than this.
  public let readAt: Duration
  /// Until when it may be acted on as far as the chain's own time goes, on the monotonic clock.
  public let actableUntil: Duration

  public var number: UInt64 { header.number }
  public var hash: Digest32 { header.hash }

  var pinned: PinnedBlock { PinnedBlock(hash: hash) }
}

extension EndpointSet {
  /// How many blocks an endpoint may be behind the others before that is counted.
  private static let tolerableLag: UInt64 = 3

  /// The newest block that is deep enough.
  ///
  /// The head is the highest number that the rule's count of endpoints has reached: fewer cannot raise it by lying, nor
  /// lower it while enough others are honest.
  ///
  /// - Parameter previous: what was agreed before; the new block is that one or a descendant.
  public func agreeOnBlock(after previous: AgreedBlock?) async throws(ChainTrouble) -> AgreedBlock {
    let readAt = clock.monotonicNow()
    let wall = clock.wall
    let heads = await ask { (endpoint, _) throws(RPCFailure) in try await endpoint.latestHeader() }
    guard heads.count >= rule.needed else {
      throw .tooFewEndpoints(answered: heads.count, needed: rule.needed)
    }
    let head = heads.map(\.value.number).sorted(by: >)[rule.needed - 1]
    let made = heads.map(\.value.moment).sorted(by: >)[rule.needed - 1]
    for answer in heads where answer.value.number < head && head - answer.value.number > Self.tolerableLag {
      lags(answer.place)
    }
    let headAge = wall.seconds(since: made)
    guard headAge >= -rules.clockTolerance.components.seconds else { throw .clockAhead(seconds: -headAge) }
    let ageLeft = rules.headAgeLimit - .seconds(headAge)
    guard ageLeft >= .zero else { throw .standsStill(seconds: headAge) }

    if let previous, head < previous.number { throw .behind(number: head, known: previous.number) }
    let deep = head >= rules.finalityDepth ? head - rules.finalityDepth : 0
    // A head may go back by some blocks; what was final stays so.
    let number = max(deep, previous?.number ?? 0)
    let header = try await header(number, among: heads)
    if let previous { try await check(header, descendsFrom: previous, among: heads) }
    return AgreedBlock(
      header: header, headNumber: head, headMoment: made, readAt: readAt, actableUntil: readAt + ageLeft)
  }

  private func header(
    _ number: UInt64, among heads: [Answer<BlockHeader>]
  ) async throws(ChainTrouble) -> BlockHeader {
    // Who is at this very block has just said which one it is.
    let said = heads.filter { $0.value.number == number }
    let others = heads.filter { $0.value.number > number }.map(\.place)
    let asked =
      others.isEmpty
      ? []
      : await ask(others) { (endpoint, _) throws(RPCFailure) in
        try await endpoint.header(number: number)
      }
    let answers = said + asked
    guard let (header, liars) = agreed(answers) else {
      guard Set(answers.map(\.value.hash)).count > 1 else {
        throw .tooFewEndpoints(answered: answers.count, needed: rule.needed)
      }
      metrics.disagreed(about: .header)
      throw .disagreement(.header)
    }
    for place in liars { contradicted(place, about: .header) }
    return header
  }

  private func check(
    _ header: BlockHeader, descendsFrom previous: AgreedBlock, among heads: [Answer<BlockHeader>]
  ) async throws(ChainTrouble) {
    if header.hash == previous.hash { return }
    if header.number == previous.number { throw .historyChanged(number: previous.number) }
    if header.parentHash == previous.hash { return }
    // The blocks between were not read. Whoever has both blocks in one chain says so by giving the old one again.
    let before = try await self.header(previous.number, among: heads)
    guard before.hash == previous.hash else { throw .historyChanged(number: previous.number) }
  }
}
