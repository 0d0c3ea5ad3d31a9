/// Everything a node ever tells a user about a failure; the raw value is what the wire carries.
public enum ErrorCode: String, CaseIterable, Sendable, Hashable {
  // Before the request is known to be the user's; these carry no detail.
  case invalidRequest = "invalid_request"
  case tooLarge = "too_large"
  case notFound = "not_found"
  case methodNotAllowed = "method_not_allowed"
  // The request is not for this network, epoch, quorum or instance: look at the network again.
  case invalidSignature = "invalid_signature"
  case wrongNetwork = "wrong_network"
  case wrongEpoch = "wrong_epoch"
  case wrongQuorum = "wrong_quorum"
  // The user's authority.
  case invalidCapability = "invalid_capability"
  case outsideTimeWindow = "outside_time_window"
  case notPermitted = "not_permitted"
  // This node, now.
  case duplicateRequest = "duplicate_request"
  case tooManyRequests = "too_many_requests"
  case overloaded = "overloaded"
  case notReady = "not_ready"
  case cannotExecute = "cannot_execute"
  case internalError = "internal_error"
  // Outcomes; they reach the user only inside a sealed reply.
  case codeNotFound = "code_not_found"
  case sessionMismatch = "session_mismatch"
  case peersMissing = "peers_missing"
  case peerCheated = "peer_cheated"
  case disagreement = "disagreement"
  case deadlineExceeded = "deadline_exceeded"

  public var httpStatus: Int {
    switch self {
    case .invalidRequest, .wrongNetwork: 400
    case .invalidSignature, .invalidCapability, .outsideTimeWindow: 401
    case .notPermitted: 403
    case .notFound: 404
    case .methodNotAllowed: 405
    case .wrongEpoch, .wrongQuorum, .duplicateRequest, .sessionMismatch: 409
    case .tooLarge: 413
    case .tooManyRequests: 429
    case .internalError: 500
    case .codeNotFound, .peersMissing, .peerCheated, .disagreement: 502
    case .cannotExecute: 501
    case .overloaded, .notReady: 503
    case .deadlineExceeded: 504
    }
  }

  /// Fixed text: nothing a user or a peer sent is ever part of it.
  public var message: String {
    switch self {
    case .invalidRequest: "The request is not well formed."
    case .tooLarge: "The request is too large."
    case .notFound: "There is nothing here."
    case .methodNotAllowed: "This method is not allowed here."
    case .invalidSignature: "A signature of the session key does not hold."
    case .wrongNetwork: "The request is for another network."
    case .wrongEpoch: "The request is for another epoch."
    case .wrongQuorum: "The quorum is not one of this epoch, or does not name this node as it runs now."
    case .invalidCapability: "The capability does not hold for this session key and network."
    case .outsideTimeWindow: "The request is outside its time window."
    case .notPermitted: "The operation is not permitted."
    case .duplicateRequest: "This request was received before."
    case .tooManyRequests: "Too many requests; try again later."
    case .overloaded: "The node has no room for another request; try again later."
    case .notReady: "The node does not serve requests at the moment."
    case .cannotExecute: "The node cannot run actions."
    case .internalError: "The node failed."
    case .codeNotFound: "The node does not find the code of this action."
    case .sessionMismatch: "Two nodes of the quorum do not agree on what was asked."
    case .peersMissing: "Nodes of the quorum did not answer in time."
    case .peerCheated: "A node of the quorum broke the protocol."
    case .disagreement: "Nodes of the quorum contradict each other."
    case .deadlineExceeded: "The operation took too long."
    }
  }

  /// Whether an HTTP answer with this code says when to try again.
  public var isRetriedLater: Bool {
    switch self {
    case .tooManyRequests, .overloaded, .notReady: true
    default: false
    }
  }
}
