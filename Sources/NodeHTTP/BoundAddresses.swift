public import Node

/// Where a running node listens, with the ports that were chosen for those given as 0.
public struct BoundAddresses: Sendable, Hashable {
  public let client: ListenAddress
  public let peer: ListenAddress
  public let admin: ListenAddress
}

/// Says something once to everybody who waits for it.
actor Announcement<Value: Sendable> {
  private var outcome: Result<Value, any Error>?
  private var waiting: [CheckedContinuation<Value, any Error>] = []

  var value: Value {
    get async throws {
      if let outcome { return try outcome.get() }
      return try await withCheckedThrowingContinuation { waiting.append($0) }
    }
  }

  /// What was said first stays.
  func make(_ outcome: Result<Value, any Error>) {
    guard self.outcome == nil else { return }
    self.outcome = outcome
    for continuation in waiting { continuation.resume(with: outcome) }
    waiting = []
  }
}
