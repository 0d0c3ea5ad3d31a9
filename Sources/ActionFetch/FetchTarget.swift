internal import Actions
internal import Foundation

/// What a URL names: how to speak, whom with, and about what.
struct FetchTarget: Sendable, Equatable {
  let isSecure: Bool
  let host: FetchHost
  /// As the URL has it, for TLS and the `Host` header; an IPv6 address in brackets.
  let hostText: String
  let port: Int
  /// Path and query.
  let path: String
  /// Without a fragment.
  let url: String

  /// Nil for another scheme than `http` and `https`, for a URL with credentials, and for what is no URL.
  init?(_ text: String, limit: Int) {
    guard text.utf8.count <= limit, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme),
      parts.percentEncodedUser == nil, parts.percentEncodedPassword == nil, let hostText = parts.encodedHost,
      let host = FetchHost(hostText)
    else { return nil }
    isSecure = scheme == "https"
    self.host = host
    self.hostText = hostText
    let port = parts.port ?? (isSecure ? 443 : 80)
    guard (1...65535).contains(port) else { return nil }
    self.port = port
    let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
    guard path.hasPrefix("/") else { return nil }
    self.path = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    parts.fragment = nil
    guard let url = parts.string else { return nil }
    self.url = url
  }

  /// What a redirect from here names.
  func redirected(to location: String, limit: Int) -> FetchTarget? {
    guard location.utf8.count <= limit, let base = URL(string: url),
      let next = URL(string: location, relativeTo: base)?.absoluteString
    else { return nil }
    return FetchTarget(next, limit: limit)
  }

  /// RFC 9110 section 7.2: the port only where it is not the scheme's own.
  var hostHeader: String { port == (isSecure ? 443 : 80) ? hostText : "\(hostText):\(port)" }

  func isSameOrigin(as other: FetchTarget) -> Bool {
    isSecure == other.isSecure && hostText.lowercased() == other.hostText.lowercased() && port == other.port
  }
}
