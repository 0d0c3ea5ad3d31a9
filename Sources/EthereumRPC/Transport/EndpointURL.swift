internal import Foundation

/// Where an endpoint is asked: an `https` URL, or an `http` one of this very machine.
///
/// Providers put keys into paths, so nothing prints one.
public struct EndpointURL: Sendable, Hashable {
  let isSecure: Bool
  /// A name or an address, without brackets.
  let host: String
  let port: Int
  /// Path and query.
  let path: String
  /// As it was written; part of a node's configuration.
  public let text: String

  static let byteLimit = 2 << 10

  public init(_ text: String) throws(EndpointURLError) {
    guard text.utf8.count <= Self.byteLimit, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      let parts = URLComponents(string: text), let scheme = parts.scheme, ["http", "https"].contains(scheme),
      parts.percentEncodedUser == nil, parts.percentEncodedPassword == nil, parts.fragment == nil,
      let bracketed = parts.encodedHost, !bracketed.isEmpty
    else { throw .notAURL }
    let isBracketed = bracketed.hasPrefix("[") && bracketed.hasSuffix("]")
    let host = isBracketed ? String(bracketed.dropFirst().dropLast()) : bracketed
    let port = parts.port ?? (scheme == "https" ? 443 : 80)
    guard (1...65535).contains(port) else { throw .notAURL }
    // Without TLS whoever is on the way answers.
    guard scheme == "https" || ["127.0.0.1", "::1", "localhost"].contains(host) else { throw .notSecure }
    let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
    guard path.hasPrefix("/") else { throw .notAURL }
    isSecure = scheme == "https"
    self.host = host
    self.port = port
    self.path = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    self.text = text
  }

  /// RFC 9110 section 7.2.
  var hostHeader: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }
}

public enum EndpointURLError: Error, Sendable, Hashable {
  case notAURL
  /// Another machine's endpoint, asked without TLS.
  case notSecure
}
