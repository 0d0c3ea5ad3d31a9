/// What may stand between the brackets of an RFC 3986 host.
enum IPLiteral {
  /// Eight groups of 16 bits, at most one run of them shortened to `::`, the last two perhaps as an IPv4 address.
  static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let gap = text.firstRange(of: "::") else { return groups(in: text, lastMayBeIPv4: true) == 8 }
    let before = text[..<gap.lowerBound]
    let after = text[gap.upperBound...]
    guard let left = groups(in: before, lastMayBeIPv4: false), let right = groups(in: after, lastMayBeIPv4: true) else {
      return false
    }
    return left + right <= 7
  }

  /// `"v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`
  static func isFuture(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first | 0x20 == UInt8(ascii: "v"),
      let dot = bytes.firstIndex(of: UInt8(ascii: "."))
    else { return false }
    let version = bytes[..<dot].dropFirst()
    let address = bytes[dot...].dropFirst()
    return !version.isEmpty && version.allSatisfy(RFC3986.isHexDigit) && !address.isEmpty
      && address.allSatisfy { RFC3986.isRegular($0) || $0 == UInt8(ascii: ":") }
  }

  /// How many 16-bit groups stand here; nil when this is no list of groups. Nothing is no groups.
  private static func groups(in text: some StringProtocol, lastMayBeIPv4: Bool) -> Int? {
    if text.isEmpty { return 0 }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var count = 0
    for (place, part) in parts.enumerated() {
      if lastMayBeIPv4, place == parts.count - 1, isIPv4(part) {
        count += 2
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(RFC3986.isHexDigit) else { return nil }
        count += 1
      }
    }
    return count
  }

  private static func isIPv4(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        guard let number = UInt8(part) else { return false }
        return String(number).utf8.elementsEqual(part.utf8)
      }
  }
}
