/// What a reader takes for the chain's word; the same for every node of a network.
public struct ChainRules: Sendable, Hashable {
  public let chainID: UInt64
  /// How many blocks must lie on a block before it counts. A reorganisation that reaches deeper stops the reader.
  public let finalityDepth: UInt64
  /// How old, by its own time, the newest block may be: older, and the chain stands still or is withheld.
  public let headAgeLimit: Duration
  /// How far the chain's time may be ahead of ours.
  public let clockTolerance: Duration

  public static let finalityDepths: ClosedRange<UInt64> = 0...10_000

  public init(
    chainID: UInt64, finalityDepth: UInt64, headAgeLimit: Duration, clockTolerance: Duration = .seconds(15)
  ) {
    self.chainID = chainID
    self.finalityDepth = min(finalityDepth, Self.finalityDepths.upperBound)
    self.headAgeLimit = headAgeLimit
    self.clockTolerance = clockTolerance
  }
}
