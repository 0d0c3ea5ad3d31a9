internal import Authorization
internal import Identifiers
internal import Wire

extension NodeRefusal {
  init(_ refusal: Refusal) {
    self.init(refusal.code, request: refusal.request)
  }

  /// A refusal that says when to come again.
  init(later code: ErrorCode, request: RequestID? = nil, after wait: Duration = .seconds(1)) {
    self.init(code, request: request, retryAfter: wait)
  }
}
