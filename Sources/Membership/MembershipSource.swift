/// Where a node or client learns who is in.
public protocol MembershipSource: Sendable {
  /// The latest verified view, or nil while there is none that is young enough to act on.
  ///
  /// Ask at every use: a view that is kept goes out of date.
  var current: MembershipSnapshot? { get }

  /// Every view from now on, starting with the present one; a new stream at every access. A slow reader misses
  /// intermediate views, never the last.
  var updates: AsyncStream<MembershipSnapshot> { get }

  /// Within this time, while all is well, every reader finds an update that one of them has found.
  var readingPeriod: Duration { get }
}

extension MembershipSource {
  public var readingPeriod: Duration { FileRegistry.pollInterval * 5 }
}
