/// A complete HTTP response.
public struct HTTPAnswer: Sendable, Hashable {
  public let status: Int
  public let body: [UInt8]

  public init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }
}

/// Why there is no answer.
public enum ConnectionFailure: Error, Sendable, Hashable {
  /// Nobody listens there, or the way there is interrupted.
  case unreachable
  /// The connection ended before the answer was complete.
  case closed
  case timedOut
  /// The answer is not HTTP, or larger than any answer may be.
  case malformed
  /// The node could not prove what it has to; the text names the check.
  case notVerified(String)
}
