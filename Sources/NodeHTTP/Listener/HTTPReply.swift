internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Node
internal import Wire

/// One complete answer.
struct HTTPReply: Sendable, Hashable {
  var status: Int
  var contentType: String
  var body: [UInt8]
  /// Whole seconds.
  var retryAfter: Int?
  /// The methods there are, where another one was asked for.
  var allow: String?

  static func json(_ body: [UInt8], status: Int = 200) -> HTTPReply {
    HTTPReply(status: status, contentType: "application/json", body: body)
  }

  static func text(_ text: String, _ contentType: String) -> HTTPReply {
    HTTPReply(status: 200, contentType: contentType, body: Array(text.utf8))
  }

  /// Codes that are worth another try say when; nothing else is told than what the closed list of codes says.
  static func refusal(_ refusal: NodeRefusal) -> HTTPReply {
    let response = ErrorResponse(code: refusal.code, requestID: refusal.request)
    var reply = json(response.encoded, status: refusal.code.httpStatus)
    if refusal.code.isRetriedLater { reply.retryAfter = wholeSeconds(refusal.retryAfter) }
    return reply
  }

  static func refusal(_ code: ErrorCode) -> HTTPReply { refusal(NodeRefusal(code)) }

  private static func wholeSeconds(_ duration: Duration?) -> Int {
    guard let duration else { return 1 }
    return Int(max(1, min(3600, (duration / .seconds(1)).rounded(.up))))
  }

  var response: Response {
    var headers = HTTPFields()
    headers[.contentType] = contentType
    headers[.cacheControl] = "no-store"
    if let retryAfter { headers[.retryAfter] = String(retryAfter) }
    if let allow { headers[.allow] = allow }
    let body = ResponseBody(byteBuffer: ByteBuffer(bytes: body))
    return Response(status: HTTPResponse.Status(code: status), headers: headers, body: body)
  }
}
