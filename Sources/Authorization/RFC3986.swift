/// The parts of RFC 3986 that EIP-4361 refers to, as predicates over bytes.
enum RFC3986 {
  /// `URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]`; relative references are none.
  static func isURI(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), isScheme(bytes[..<colon]) else { return false }
    var rest = bytes[(colon + 1)...]
    if rest.starts(with: "//".utf8) {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
      guard isAuthority(rest[..<end]) else { return false }
      rest = rest[end...]
    }
    let fragment = rest.firstIndex(of: UInt8(ascii: "#")) ?? rest.endIndex
    let query = rest[..<fragment].firstIndex(of: UInt8(ascii: "?")) ?? fragment
    return consists(rest[..<query], of: isPathCharacter)
      && consists(rest[query..<fragment].dropFirst(), of: isQueryCharacter)
      && consists(rest[fragment...].dropFirst(), of: isQueryCharacter)
  }

  static func isScheme(_ bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
  }

  /// `authority = [ userinfo "@" ] host [ ":" port ]`
  static func isAuthority(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    var rest = bytes[...]
    if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
      guard consists(rest[..<at], of: { isRegular($0) || $0 == UInt8(ascii: ":") }) else { return false }
      rest = rest[(at + 1)...]
    }
    if rest.first == UInt8(ascii: "[") {
      guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let literal = rest[(rest.startIndex + 1)..<end]
      guard IPLiteral.isIPv6(literal) || IPLiteral.isFuture(literal) else { return false }
      rest = rest[(end + 1)...]
      if rest.isEmpty { return true }
      guard rest.first == UInt8(ascii: ":") else { return false }
      return rest.dropFirst().allSatisfy(isDigit)
    }
    let colon = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
    return consists(rest[..<colon], of: isRegular) && rest[colon...].dropFirst().allSatisfy(isDigit)
  }

  /// `*( pct-encoded / characters that pass )`
  static func consists(_ bytes: some Collection<UInt8>, of isAllowed: (UInt8) -> Bool) -> Bool {
    var rest = bytes[...]
    while let character = rest.first {
      if character == UInt8(ascii: "%") {
        guard rest.count >= 3, rest.dropFirst().prefix(2).allSatisfy(isHexDigit) else { return false }
        rest = rest.dropFirst(3)
      } else {
        guard isAllowed(character) else { return false }
        rest = rest.dropFirst()
      }
    }
    return true
  }

  /// `pchar`, the percent encoding aside.
  static func isSegmentCharacter(_ character: UInt8) -> Bool {
    isRegular(character) || ":@".utf8.contains(character)
  }

  /// `unreserved / sub-delims`
  static func isRegular(_ character: UInt8) -> Bool {
    isUnreserved(character) || isSubDelimiter(character)
  }

  /// `reserved / unreserved`
  static func isReservedOrUnreserved(_ character: UInt8) -> Bool {
    isRegular(character) || ":/?#[]@".utf8.contains(character)
  }

  static func isLetter(_ character: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character | 0x20)
  }

  static func isDigit(_ character: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
  }

  static func isHexDigit(_ character: UInt8) -> Bool {
    isDigit(character) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(character | 0x20)
  }

  private static func isPathCharacter(_ character: UInt8) -> Bool {
    isSegmentCharacter(character) || character == UInt8(ascii: "/")
  }

  private static func isQueryCharacter(_ character: UInt8) -> Bool {
    isSegmentCharacter(character) || "/?".utf8.contains(character)
  }

  private static func isUnreserved(_ character: UInt8) -> Bool {
    isLetter(character) || isDigit(character) || "-._~".utf8.contains(character)
  }

  static func isSubDelimiter(_ character: UInt8) -> Bool {
    "!$&'()*+,;=".utf8.contains(character)
  }
}
