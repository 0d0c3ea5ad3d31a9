internal import Authorization
public import Identifiers
public import Wire

/// What a user is told when there is no sealed reply: a code of the closed list, and when to try again.
public struct ServiceRefusal: Error, Sendable, Hashable {
  public let code: ErrorCode
  /// Nil until the session key is known to have signed the request.
  public let request: RequestID?
  public let retryAfter: Duration?

  public init(_ code: ErrorCode, request: RequestID? = nil, retryAfter: Duration? = nil) {
    self.code = code
    self.request = request
    self.retryAfter = retryAfter ?? (code.isRetriedLater ? .seconds(1) : nil)
  }

  init(_ refusal: Refusal) {
    self.init(refusal.code, request: refusal.request)
  }
}
