import Identifiers

/// Bytes in hex as people write them: with `0x` or without, in either case.
enum TypedHex {
  static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
    return try? Hex.decode(digits.lowercased())
  }
}
