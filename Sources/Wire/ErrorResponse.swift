public import Identifiers

/// The body of every HTTP answer that is not 200: `{"error": {"code", "message", "requestID"?}}`.
public struct ErrorResponse: Sendable, Hashable {
  public let code: ErrorCode
  public let requestID: RequestID?

  public init(code: ErrorCode, requestID: RequestID? = nil) {
    self.code = code
    self.requestID = requestID
  }

  public init(decoding body: [UInt8]) throws(FormatError) {
    var outer = try JSONFields(JSONValue.parse(body, limit: WireLimits.body))
    var fields = try outer.object("error")
    try outer.finish()
    guard let code = ErrorCode(exactly: try fields.string("code", limit: 64)) else { throw .invalid("code") }
    // The text a node sends is not shown: every code has one of our own.
    _ = try fields.string("message", limit: 512)
    self.code = code
    requestID = fields.remainingNames.isEmpty ? nil : try fields.identifier("requestID")
    try fields.finish()
  }

  public var encoded: [UInt8] {
    var members = [JSONMember("code", .string(code.rawValue)), JSONMember("message", .string(code.message))]
    if let requestID { members.append(JSONMember("requestID", .text(requestID))) }
    return JSONValue.object([JSONMember("error", .object(members))]).serialized
  }
}
