/// Why the chain says nothing now that may be acted on.
public enum ChainTrouble: Error, Sendable, Hashable {
  /// The world failed: look at the endpoints.
  case tooFewEndpoints(answered: Int, needed: Int)
  /// Endpoints contradict each other, and too few say the same.
  case disagreement(ChainQuestion)
  /// Enough endpoints have forgotten blocks that enough of them had.
  case behind(number: UInt64, known: UInt64)
  /// The newest block is too old: the chain stands still, or its news do not get here.
  case standsStill(seconds: Int64)
  /// The chain's time is ahead of this machine's: one of the two clocks is wrong.
  case clockAhead(seconds: Int64)
  /// Blocks that counted as final are no longer part of the chain. Nothing read after this is believed.
  case historyChanged(number: UInt64)
  /// The agreed chain holds something that no endpoint could give in full.
  case notObtainable
  /// The agreed chain holds something that is no registry. The text is of our own formats.
  case notARegistry(String)

  public var isFatal: Bool {
    if case .historyChanged = self { true } else { false }
  }

  /// A fixed word for status, logs and metrics.
  public var reason: String {
    switch self {
    case .tooFewEndpoints: "too-few-endpoints"
    case .disagreement: "disagreement"
    case .behind: "behind"
    case .standsStill: "stands-still"
    case .clockAhead: "clock-ahead"
    case .historyChanged: "history-changed"
    case .notObtainable: "not-obtainable"
    case .notARegistry: "not-a-registry"
    }
  }
}

/// What endpoints can contradict each other, or a proof, about.
public enum ChainQuestion: String, Sendable, Hashable {
  case header, storage, data, call
  /// What a contract that is a wallet says; it may be the contract's doing that they differ.
  case wallet
}
