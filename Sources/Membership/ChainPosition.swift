public import Identifiers

/// At which block of its chain, and after how many changes, a registry was read.
public struct ChainPosition: Sendable, Hashable {
  /// How many changes the contracts counted.
  public let number: UInt64
  /// Of everything they hold.
  public let digest: Digest32
  /// The block it was read at.
  public let block: Block
  /// Blocks read lately, the newest first, this one among them: what evidence of a TEE may name as recent.
  public let recentBlocks: [Block]
  /// Digests of the changes this reader saw, at most ``digestLimit``.
  let digests: [UInt64: Digest32]

  public struct Block: Sendable, Hashable {
    public let number: UInt64
    public let hash: Digest32
    /// As the chain says.
    public let moment: Timestamp

    package init(number: UInt64, hash: Digest32, moment: Timestamp) {
      self.number = number
      self.hash = hash
      self.moment = moment
    }
  }

  static let digestLimit = 256
  static let recentLimit = 64

  package init(number: UInt64, digest: Digest32, block: Block, after previous: ChainPosition?) {
    self.number = number
    self.digest = digest
    self.block = block
    let earlier = previous?.recentBlocks.filter { $0.number != block.number } ?? []
    recentBlocks = Array(([block] + earlier).prefix(Self.recentLimit))
    var digests = previous?.digests ?? [:]
    digests[number] = digest
    if digests.count > Self.digestLimit, let oldest = digests.keys.min() { digests[oldest] = nil }
    self.digests = digests
  }
}
