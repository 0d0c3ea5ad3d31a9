/// Where a node listens: `host:port`, the host an IPv4 address, an IPv6 address in brackets or a lower-case DNS name.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// Without brackets.
  public let host: String
  public let port: UInt16

  public init(host: String, port: UInt16) throws(EndpointError) {
    guard port > 0, Self.isHost(host) else { throw EndpointError() }
    self.host = host
    self.port = port
  }

  public init(text: String) throws(EndpointError) {
    guard text.utf8.count <= 300, let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { throw EndpointError() }
    let digits = text[text.utf8.index(after: colon)...]
    guard let port = UInt16(digits), String(port).utf8.elementsEqual(digits.utf8) else { throw EndpointError() }
    var host = text[..<colon]
    if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
      guard host.utf8.contains(UInt8(ascii: ":")) else { throw EndpointError() }
    } else {
      guard !host.utf8.contains(UInt8(ascii: ":")) else { throw EndpointError() }
    }
    try self.init(host: String(host), port: port)
  }

  public var text: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  public var description: String { text }

  /// The characters of a host only; whether it exists is found out by connecting.
  private static func isHost(_ host: String) -> Bool {
    guard (1...253).contains(host.utf8.count) else { return false }
    if host.utf8.contains(UInt8(ascii: ":")) {
      return host.utf8.allSatisfy { isDigit($0) || "abcdef:.".utf8.contains($0) }
    }
    return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-")
        && label.utf8.last != UInt8(ascii: "-")
        && label.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") }
    }
  }

  private static func isLetter(_ character: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
  }

  private static func isDigit(_ character: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
  }
}

/// The text or host is no endpoint in its one accepted form.
public struct EndpointError: Error, Sendable, Hashable {}
