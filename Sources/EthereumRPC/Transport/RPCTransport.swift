/// Carries the bytes of one JSON-RPC exchange to one endpoint and back. The real one is ``HTTPTransport``.
public protocol RPCTransport: Sendable {
  /// - Parameter limit: of the answer's body, in bytes; a longer one is ``TransportFailure/tooLarge``.
  func exchange(_ body: [UInt8], limit: Int, within time: Duration) async throws(TransportFailure) -> [UInt8]
}

/// Why there is no answer. Says nothing of what an endpoint sent.
public enum TransportFailure: Error, Sendable, Hashable {
  case unreachable
  case closed
  case timedOut
  case cancelled
  /// Not HTTP, or not with a status of success.
  case malformed
  case status(Int)
  case tooLarge
}

/// How much an endpoint may send, and how long it may take.
public enum RPCLimits {
  /// One answer, in bytes.
  public static let answer = 2 << 20
  /// What a call of a contract gives back, in bytes.
  public static let callResult = 768 << 10
  /// From connecting to the last byte.
  public static let time = Duration.seconds(3)
  /// Endpoints of one reader.
  public static let endpoints = 16
}
