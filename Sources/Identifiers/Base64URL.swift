/// RFC 4648 section 5 without padding. Every byte string has exactly one accepted text: padding, white space and
/// non-zero trailing bits are refused.
public enum Base64URL {
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    // Loops over an array, because those over a generic sequence are slow where they are not specialized.
    encode(Array(bytes))
  }

  private static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + 4)
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      pending = pending << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(digit(UInt8(truncatingIfNeeded: pending >> bits) & 63))
      }
      pending &= (1 << bits) - 1
    }
    if bits > 0 { text.append(digit(UInt8(truncatingIfNeeded: pending << (6 - bits)) & 63)) }
    return String(decoding: text, as: UTF8.self)
  }

  public static func decode(_ text: String) throws(IdentifierError) -> [UInt8] {
    try decode(Array(text.utf8))
  }

  public static func decode(_ text: some Collection<UInt8>) throws(IdentifierError) -> [UInt8] {
    try decode(Array(text))
  }

  private static func decode(_ text: [UInt8]) throws(IdentifierError) -> [UInt8] {
    guard text.count % 4 != 1 else { throw .notCanonical }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 2)
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for character in text {
      guard let value = value(character) else { throw .notCanonical }
      pending = pending << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
        pending &= (1 << bits) - 1
      }
    }
    guard pending == 0 else { throw .notCanonical }
    return bytes
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + (value - 26)
    case 52..<62: UInt8(ascii: "0") + (value - 52)
    case 62: UInt8(ascii: "-")
    default: UInt8(ascii: "_")
    }
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
