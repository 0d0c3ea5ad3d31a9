/// base58btc: the alphabet of Bitcoin. For short texts only; the work grows with the square of the length.
enum Base58 {
  private static let digits = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var number: [UInt8] = []
    for byte in bytes {
      var carry = Int(byte)
      for place in number.indices {
        carry += Int(number[place]) << 8
        number[place] = UInt8(carry % 58)
        carry /= 58
      }
      while carry > 0 {
        number.append(UInt8(carry % 58))
        carry /= 58
      }
    }
    let zeros = bytes.prefix { $0 == 0 }.map { _ in digits[0] }
    return String(decoding: zeros + number.reversed().map { digits[Int($0)] }, as: UTF8.self)
  }

  /// At most 64 characters; nil for anything else.
  static func decode(_ text: String) -> [UInt8]? {
    guard text.utf8.count <= 64 else { return nil }
    var number: [UInt8] = []
    for character in text.utf8 {
      guard var carry = digits.firstIndex(of: character) else { return nil }
      for place in number.indices {
        carry += Int(number[place]) * 58
        number[place] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      while carry > 0 {
        number.append(UInt8(carry & 0xFF))
        carry >>= 8
      }
    }
    return text.utf8.prefix { $0 == digits[0] }.map { _ in 0 } + number.reversed()
  }
}
