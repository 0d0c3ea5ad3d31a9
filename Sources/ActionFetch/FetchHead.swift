internal import Actions
internal import NIOHTTP1

/// The head of one request as it is sent.
struct FetchHead: Sendable {
  var method: String
  var headers: [FetchHeader]

  /// Headers that say how the message travels; they are this program's to set (Fetch standard, forbidden request-headers,
  /// as far as a program without a page has them).
  private static let ours: Set<String> = [
    "host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length", "te", "trailer",
    "upgrade", "expect", "accept-encoding", "via",
  ]
  private static let secret: Set<String> = ["authorization", "cookie", "proxy-authorization"]

  /// Nil when the method or a header is not one.
  init?(_ request: FetchRequest, limit: Int) {
    guard Self.isToken(request.method), request.method.utf8.count <= 32,
      !["CONNECT", "TRACE"].contains(request.method.uppercased())
    else { return nil }
    var size = 0
    for header in request.headers {
      size += header.name.utf8.count + header.value.utf8.count
      guard size <= limit, Self.isToken(header.name), Self.isValue(header.value) else { return nil }
    }
    method = request.method
    headers = request.headers.filter { !Self.ours.contains($0.name.lowercased()) }
  }

  /// What goes to another origin than the one it was meant for: no credentials.
  mutating func leaveOrigin() {
    headers.removeAll { Self.secret.contains($0.name.lowercased()) }
  }

  /// 303, and 301 and 302 after a POST, are followed by a GET without a body.
  mutating func follow(_ status: Int) -> Bool {
    guard status == 303 && !["GET", "HEAD"].contains(method) || (status == 301 || status == 302) && method == "POST"
    else {
      return false
    }
    method = "GET"
    headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
    return true
  }

  func encoded(for target: FetchTarget, bodyCount: Int?) -> HTTPRequestHead {
    var fields = HTTPHeaders([("Host", target.hostHeader)])
    for header in headers { fields.add(name: header.name, value: header.value) }
    // Nothing here unpacks.
    fields.add(name: "Accept-Encoding", value: "identity")
    fields.add(name: "Connection", value: "close")
    if let bodyCount { fields.add(name: "Content-Length", value: String(bodyCount)) }
    return HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: target.path, headers: fields)
  }

  /// RFC 9110 section 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  private static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 == 0x09 || $0 >= 0x20 && $0 != 0x7f }
  }
}
