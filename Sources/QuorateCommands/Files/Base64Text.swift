import Foundation

/// RFC 4648 section 4, as wallets exchange binary data in text.
enum Base64Text {
  static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// White space at the end is left out.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    let trimmed = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return Data(base64Encoded: trimmed).map(Array.init)
  }
}
