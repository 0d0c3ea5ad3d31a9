public import EthereumChain
public import Identifiers

/// A block that enough endpoints have under enough others, with a hash computed here.
public struct AgreedBlock: Sendable, Hashable {
  public let header: BlockHeader
  /// The newest block that enough endpoints have alike.
  public let headNumber: UInt64
  /// When that block was made, as it says itself.
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
  /// How many of the newest blocks endpoints may have differently: they are still being replaced.
  private static let unsettledBlocks: UInt64 = 3

  /// The newest block that is deep enough.
  ///
  /// The head is the highest number that the rule's count of endpoints has reached: fewer cannot raise it by lying.
  /// They can lower it while others do not answer, so what counts for the chain's time is a block that the rule's count
  /// of endpoints have alike: whoever hides the newest blocks shows a chain that stands still.
  ///
  /// - Parameter previous: what was agreed before; the new block is that one or a descendant.
  public func agreeOnBlock(after previous: AgreedBlock?) async throws(ChainTrouble) -> AgreedBlock {
    let somebodyRested = hasResting
    do throws(ChainTrouble) {
      return try await agree(after: previous, isPatient: false)
    } catch {
      // Of those who answered, too many may be liars. Then those who rest are asked too, and the slow ones waited for.
      guard !error.isFatal, somebodyRested || hasSlow else { throw error }
      return try await agree(after: previous, isPatient: true)
    }
  }

  private func agree(after previous: AgreedBlock?, isPatient: Bool) async throws(ChainTrouble) -> AgreedBlock {
    let readAt = clock.monotonicNow()
    let wall = clock.wall
    let heads = await ask(isPatient ? .everybody : .awake(nil), until: { !isPatient && self.isSettled($0) }) {
      (endpoint, _) throws(RPCFailure) in try await endpoint.latestHeader()
    }
    guard heads.count >= rule.needed else {
      throw .tooFewEndpoints(answered: heads.count, needed: rule.needed)
    }
    let head = heads.map(\.value.number).sorted(by: >)[rule.needed - 1]
    for answer in heads where answer.value.number < head && head - answer.value.number > Self.tolerableLag {
      lags(answer.place)
    }
    if let previous, head < previous.number { throw .behind(number: head, known: previous.number) }
    let deep = head >= rules.finalityDepth ? head - rules.finalityDepth : 0
    // A head may go back by some blocks; what was final stays so.
    let number = max(deep, previous?.number ?? 0)
    let header = try await header(number, among: heads)
    if let previous { try await check(header, descendsFrom: previous, among: heads) }
    let newest = await newest(head, above: header, among: heads)
    let headAge = wall.seconds(since: newest.moment)
    guard headAge >= -rules.clockTolerance.components.seconds else { throw .clockAhead(seconds: -headAge) }
    let ageLeft = rules.headAgeLimit - .seconds(headAge)
    guard ageLeft >= .zero else { throw .standsStill(seconds: headAge) }
    return AgreedBlock(
      header: header, headNumber: newest.number, headMoment: newest.moment, readAt: readAt,
      actableUntil: readAt + ageLeft)
  }

  /// Whether these newest blocks are enough to go on with. While one is far ahead of those that enough endpoints have,
  /// somebody who has not answered yet may have it too.
  private func isSettled(_ heads: [Answer<BlockHeader>]) -> Bool {
    let numbers = heads.map(\.value.number).sorted(by: >)
    guard numbers.count >= rule.needed, let highest = numbers.first else { return false }
    return highest - numbers[rule.needed - 1] <= Self.tolerableLag
  }

  /// The newest block that enough endpoints have alike; at worst the one that is deep enough.
  private func newest(
    _ head: UInt64, above header: BlockHeader, among heads: [Answer<BlockHeader>]
  ) async -> BlockHeader {
    for back in 0..<Self.unsettledBlocks where head - header.number > back {
      if let (newest, _) = agreed(await headers(head - back, among: heads)) { return newest }
    }
    return header
  }

  private func header(
    _ number: UInt64, among heads: [Answer<BlockHeader>]
  ) async throws(ChainTrouble) -> BlockHeader {
    try requireAgreement(await headers(number, among: heads), about: .header)
  }

  private func headers(_ number: UInt64, among heads: [Answer<BlockHeader>]) async -> [Answer<BlockHeader>] {
    // Who is at this very block has just said which one it is.
    let said = heads.filter { $0.value.number == number }
    let others = heads.filter { $0.value.number > number }.map(\.place)
    guard !others.isEmpty else { return said }
    return said
      + (await ask(.awake(others), until: { self.agreed(said + $0) != nil }) { (endpoint, _) throws(RPCFailure) in
        try await endpoint.header(number: number)
      })
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
