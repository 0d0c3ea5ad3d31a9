/// Bech32 (BIP-173) and bech32m (BIP-350), lower case when written, of one case when read.
enum Bech32 {
  enum Variant: UInt32 {
    case bech32 = 1
    case bech32m = 0x2bc8_30a3
  }

  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]

  static func encode(prefix: String, values: [UInt8], variant: Variant) -> String {
    let expanded = expand(Array(prefix.utf8)) + values
    let check = polymod(expanded + [UInt8](repeating: 0, count: 6)) ^ variant.rawValue
    let checksum = (0..<6).map { UInt8(truncatingIfNeeded: check >> UInt32(5 * (5 - $0))) & 31 }
    return prefix + "1" + String(decoding: (values + checksum).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
  }

  /// The values without their checksum; at most 90 characters.
  static func decode(_ text: String) -> (prefix: [UInt8], values: [UInt8], variant: Variant)? {
    let characters = Array(text.utf8)
    guard characters.count <= 90, characters.allSatisfy({ (33...126).contains($0) }) else { return nil }
    let upper = (UInt8(ascii: "A")...UInt8(ascii: "Z"))
    let lower = (UInt8(ascii: "a")...UInt8(ascii: "z"))
    guard !(characters.contains(where: upper.contains) && characters.contains(where: lower.contains)) else {
      return nil
    }
    let folded = characters.map { upper.contains($0) ? $0 + 32 : $0 }
    guard let separator = folded.lastIndex(of: UInt8(ascii: "1")), separator >= 1 else { return nil }
    let prefix = Array(folded[..<separator])
    var values: [UInt8] = []
    for character in folded[(separator + 1)...] {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      values.append(UInt8(value))
    }
    guard values.count >= 6, let variant = Variant(rawValue: polymod(expand(prefix) + values)) else { return nil }
    return (prefix, values.dropLast(6), variant)
  }

  private static func expand(_ prefix: [UInt8]) -> [UInt8] {
    prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
  }

  private static func polymod(_ values: [UInt8]) -> UInt32 {
    values.reduce(1) { check, value in
      let top = check >> 25
      return generator.indices.reduce((check & 0x1ff_ffff) << 5 ^ UInt32(value)) {
        top >> UInt32($1) & 1 == 1 ? $0 ^ generator[$1] : $0
      }
    }
  }

  /// Between groups of 8 and of 5 bits. Reading, the padding is less than a group and zero.
  static func regroup(_ values: [UInt8], from: UInt32, to: UInt32, pads: Bool) -> [UInt8]? {
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    var result: [UInt8] = []
    for value in values {
      pending = (pending << from | UInt32(value)) & 0xfff
      bits += from
      while bits >= to {
        bits -= to
        result.append(UInt8(truncatingIfNeeded: pending >> bits & (1 << to - 1)))
      }
    }
    let rest = pending & (1 << bits - 1)
    if pads {
      if bits > 0 { result.append(UInt8(truncatingIfNeeded: rest << (to - bits))) }
    } else {
      guard bits < from, rest == 0 else { return nil }
    }
    return result
  }
}
