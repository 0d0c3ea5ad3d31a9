internal import ActionNames

/// What a run used up so far, over all processes of its tree.
public struct ActionUsage: Sendable, Hashable {
  public internal(set) var fetches = 0
  public internal(set) var signatures = 0
  public internal(set) var broadcasts = 0
  public internal(set) var contractCalls = 0
  public internal(set) var decryptions = 0
  public internal(set) var calls = 0
  public internal(set) var operations = 0
  public internal(set) var logBytes = 0

  /// Counts one operation with all the counters it moves.
  ///
  /// - Returns: the first limit it goes beyond; nothing of what the operation would do may happen then.
  mutating func count(_ costs: [ActionCost], within limits: ActionLimits) -> ActionLimit? {
    for cost in [.operation] + costs {
      let (counter, most, limit) = cost.counter(in: limits)
      guard self[keyPath: counter] < most else { return limit }
      self[keyPath: counter] += 1
    }
    return nil
  }
}

/// A counter one operation moves by one.
enum ActionCost: Sendable {
  case operation, fetch, signature, broadcast, contractCall, decryption, call

  func counter(in limits: ActionLimits) -> (WritableKeyPath<ActionUsage, Int>, Int, ActionLimit) {
    switch self {
    case .operation: (\.operations, limits.operations, .operations)
    case .fetch: (\.fetches, limits.fetches, .fetches)
    case .signature: (\.signatures, limits.signatures, .signatures)
    case .broadcast: (\.broadcasts, limits.broadcasts, .broadcasts)
    case .contractCall: (\.contractCalls, limits.contractCalls, .contractCalls)
    case .decryption: (\.decryptions, limits.decryptions, .decryptions)
    case .call: (\.calls, limits.calls, .calls)
    }
  }
}
