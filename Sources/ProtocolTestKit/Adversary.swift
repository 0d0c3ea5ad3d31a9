/// Decides what the corrupted parties' messages become.
///
/// It moves last: it is asked only when no honest party can take another step, and it has seen every message of the run
/// so far. It can do anything with what corrupted parties send, and nothing with links between honest parties.
public protocol Adversary: Sendable {
  /// - Parameters:
  ///   - pending: what the corrupted parties want to send now.
  ///   - seen: every message sent so far by anybody.
  /// - Returns: what is delivered. Senders must be corrupted parties, or nobody of this run.
  mutating func move(_ pending: [SimulatedMessage], seen: [SimulatedMessage]) -> [SimulatedMessage]
}

/// Delivers everything as it was sent.
public struct HonestNetwork: Adversary {
  public init() {}

  public mutating func move(_ pending: [SimulatedMessage], seen: [SimulatedMessage]) -> [SimulatedMessage] { pending }
}

/// Rewrites single messages of corrupted parties; what it returns takes the message's place.
public struct Rewriting: Adversary {
  private let rewrite: @Sendable (SimulatedMessage, [SimulatedMessage]) -> [SimulatedMessage]

  public init(_ rewrite: @escaping @Sendable (SimulatedMessage, _ seen: [SimulatedMessage]) -> [SimulatedMessage]) {
    self.rewrite = rewrite
  }

  public mutating func move(_ pending: [SimulatedMessage], seen: [SimulatedMessage]) -> [SimulatedMessage] {
    pending.flatMap { rewrite($0, seen) }
  }
}
