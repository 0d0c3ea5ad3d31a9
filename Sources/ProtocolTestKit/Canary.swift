internal import Foundation

/// A secret a test knows, to be looked for where it must not be.
public struct Canary: Sendable, Hashable {
  /// What it is, for the report. Never the secret.
  public let name: String
  public let bytes: [UInt8]

  /// Fewer bytes turn up by chance.
  public static let smallestByteCount = 12

  public init(_ name: String, _ bytes: some Collection<UInt8>) {
    precondition(bytes.count >= Self.smallestByteCount, "too short to mean anything")
    self.name = name
    self.bytes = Array(bytes)
  }

  /// One way to write it.
  public struct Spelling: Sendable, Hashable {
    public let name: String
    public let bytes: [UInt8]
  }

  /// The ways in which programs write bytes: as they are and backwards, in hex, in base64 wherever in a longer text
  /// they begin, as one decimal number, as a list of numbers; and texts also in UTF-16.
  public var spellings: [Spelling] {
    var texts: [(String, [UInt8])] = []
    for (order, bytes) in [("", bytes), (" of the bytes backwards", Array(bytes.reversed()))] {
      texts.append(("hex" + order, Self.hex(bytes, "0123456789abcdef")))
      texts.append(("capital hex" + order, Self.hex(bytes, "0123456789ABCDEF")))
      texts.append(("decimal number" + order, Self.decimal(bytes)))
      for offset in 0..<3 {
        let base64 = Self.base64(bytes, offset)
        texts.append(("base64 at \(offset)\(order)", base64))
        texts.append(("base64url at \(offset)\(order)", base64.map { Self.urlAlphabet[$0] ?? $0 }))
      }
    }
    texts.append(("list", Array(bytes.map(String.init).joined(separator: ", ").utf8)))
    texts.append(("dense list", Array(bytes.map(String.init).joined(separator: ",").utf8)))
    // Any bytes may be somebody's text.
    let wide = texts + [("text", bytes)]
    var spellings = [Spelling(name: "raw", bytes: bytes), Spelling(name: "backwards", bytes: bytes.reversed())]
    spellings += texts.map { Spelling(name: $0.0, bytes: $0.1) }
    for (name, text) in wide {
      spellings.append(Spelling(name: "UTF-16 little-endian \(name)", bytes: text.flatMap { [$0, 0] }))
      spellings.append(Spelling(name: "UTF-16 big-endian \(name)", bytes: text.flatMap { [0, $0] }))
    }
    return spellings
  }

  private static let urlAlphabet: [UInt8: UInt8] = [
    UInt8(ascii: "+"): UInt8(ascii: "-"), UInt8(ascii: "/"): UInt8(ascii: "_"),
  ]

  private static func hex(_ bytes: [UInt8], _ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Without the characters that also depend on what stands before and after.
  private static func base64(_ bytes: [UInt8], _ offset: Int) -> [UInt8] {
    let whole = Array(Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString().utf8)
    let first = (offset * 8 + 5) / 6
    let end = (offset + bytes.count) * 8 / 6
    return Array(whole[first..<end])
  }

  /// The big-endian number in decimal.
  private static func decimal(_ bytes: [UInt8]) -> [UInt8] {
    var digits: [UInt8] = [0]
    for byte in bytes {
      var carry = Int(byte)
      for place in digits.indices {
        let value = Int(digits[place]) * 256 + carry
        digits[place] = UInt8(value % 10)
        carry = value / 10
      }
      while carry > 0 {
        digits.append(UInt8(carry % 10))
        carry /= 10
      }
    }
    return digits.reversed().map { $0 + UInt8(ascii: "0") }
  }
}
