/// The host of a URL, told apart into an address and a name as the URL standard does (WHATWG URL, host parsing): many
/// spellings of an address do not look like one.
public enum FetchHost: Sendable, Hashable {
  case address(NetworkAddress)
  /// To be resolved: lower case, letters, digits, hyphens and dots, no dot at the end.
  case name(String)

  /// Nil for what is no host.
  public init?(_ text: String) {
    if text.hasPrefix("["), text.hasSuffix("]") {
      guard let address = NetworkAddress(text: String(text.dropFirst().dropLast())), !address.isV4 else { return nil }
      self = .address(address)
      return
    }
    var name = text.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    guard Self.isName(name) else { return nil }
    if Self.endsInNumber(name) {
      guard let address = Self.number(name) else { return nil }
      self = .address(.v4(address))
    } else {
      self = .name(name)
    }
  }

  private static func isName(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count)
        && label.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
          default: false
          }
        }
    }
  }

  private static func endsInNumber(_ text: String) -> Bool {
    guard let last = text.split(separator: ".").last else { return false }
    return last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } || part(last) != nil
  }

  /// One to four numbers, decimal, octal or hexadecimal; the last one fills what the others leave.
  private static func number(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 4, let last = parts.last.flatMap(part) else { return nil }
    var address: UInt64 = 0
    for (place, written) in parts.dropLast().enumerated() {
      guard let value = part(written), value <= 255 else { return nil }
      address |= value << UInt64(24 - 8 * place)
    }
    guard last < 1 << UInt64(32 - 8 * (parts.count - 1)) else { return nil }
    return UInt32(exactly: address | last)
  }

  private static func part(_ text: Substring) -> UInt64? {
    guard !text.isEmpty else { return nil }
    if text.hasPrefix("0x") {
      let digits = text.dropFirst(2)
      return digits.isEmpty ? 0 : digits.hasPrefix("+") || digits.hasPrefix("-") ? nil : UInt64(digits, radix: 16)
    }
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return text.count > 1 && text.hasPrefix("0") ? UInt64(text, radix: 8) : UInt64(text)
  }
}
