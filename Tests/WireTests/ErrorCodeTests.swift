import Identifiers
import Testing
import Wire

@Suite struct ErrorCodeTests {
  @Test func `A11 the list of what users are told is closed`() {
    let pinned: [(ErrorCode, String, Int)] = [
      (.invalidRequest, "invalid_request", 400), (.tooLarge, "too_large", 413), (.notFound, "not_found", 404),
      (.methodNotAllowed, "method_not_allowed", 405), (.invalidSignature, "invalid_signature", 401),
      (.wrongNetwork, "wrong_network", 400), (.wrongEpoch, "wrong_epoch", 409), (.wrongQuorum, "wrong_quorum", 409),
      (.invalidCapability, "invalid_capability", 401), (.outsideTimeWindow, "outside_time_window", 401),
      (.notPermitted, "not_permitted", 403), (.duplicateRequest, "duplicate_request", 409),
      (.tooManyRequests, "too_many_requests", 429), (.overloaded, "overloaded", 503), (.notReady, "not_ready", 503),
      (.cannotExecute, "cannot_execute", 501),
      (.internalError, "internal_error", 500), (.codeNotFound, "code_not_found", 502),
      (.sessionMismatch, "session_mismatch", 409),
      (.peersMissing, "peers_missing", 502), (.peerCheated, "peer_cheated", 502),
      (.disagreement, "disagreement", 502), (.deadlineExceeded, "deadline_exceeded", 504),
    ]
    #expect(pinned.map(\.0) == ErrorCode.allCases)
    for (code, text, status) in pinned {
      #expect(code.rawValue == text)
      #expect(code.httpStatus == status)
    }
    #expect(Set(ErrorCode.allCases.map(\.message)).count == ErrorCode.allCases.count)
    #expect(ErrorCode.allCases.filter(\.isRetriedLater) == [.tooManyRequests, .overloaded, .notReady])
  }

  @Test func `every error reads back and shows our text, not the sender's`() throws {
    for code in ErrorCode.allCases {
      for request in [nil, RequestID.zero] {
        let response = ErrorResponse(code: code, requestID: request)
        #expect(try ErrorResponse(decoding: response.encoded) == response)
      }
    }
    let foreign = Array(#"{"error":{"code":"not_ready","message":"<script>"}}"#.utf8)
    #expect(try ErrorResponse(decoding: foreign).code.message == ErrorCode.notReady.message)
    let unknown = Array(#"{"error":{"code":"brand_new","message":""}}"#.utf8)
    #expect(throws: FormatError.invalid("code")) { try ErrorResponse(decoding: unknown) }
  }
}
