/// Why there is no answer; the text is for the action and says nothing of this node's surroundings.
enum FetchFailure: Error, Sendable, Hashable {
  case notAURL
  case notARequest
  /// No address of the host may be connected to, or it has none: one text for both, or an action could look around.
  case notReachable
  case connection
  case timedOut
  case tooLarge
  case tooManyRedirects
  case redirected
  case malformed
  case cancelled

  var text: String {
    switch self {
    case .notAURL: "fetch takes http and https URLs without credentials"
    case .notARequest: "this method or these headers cannot be sent"
    case .notReachable: "there is no such host that actions may reach"
    case .connection: "the connection failed"
    case .timedOut: "the answer took too long"
    case .tooLarge: "the answer is too large"
    case .tooManyRedirects: "there were too many redirects"
    case .redirected: "there was a redirect"
    case .malformed: "the answer is not one"
    case .cancelled: "the run is over"
    }
  }
}
