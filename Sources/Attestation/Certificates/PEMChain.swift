import SwiftASN1

/// Certificates in PEM, one after another (RFC 7468), exactly as they are written by OpenSSL: no text between, lines of
/// 64 characters, one newline behind each. Nothing signs this text, so that only one text is read for each chain.
enum PEMChain {
  /// DER of each.
  ///
  /// - Parameter bytes: a zero byte may follow, as in Intel's quotes.
  static func decode(_ bytes: [UInt8], limit: Int) -> [[UInt8]]? {
    let text = bytes.last == 0 ? Array(bytes.dropLast()) : bytes
    guard text.count <= limit * (2 * VendorCertificate.maximumSize),
      let string = String(validating: text, as: UTF8.self),
      let documents = try? PEMDocument.parseMultiple(pemString: string), (1...limit).contains(documents.count),
      documents.allSatisfy({ $0.discriminator == "CERTIFICATE" })
    else { return nil }
    let written = documents.map { $0.pemString + "\n" }.joined()
    guard written == string || written == string + "\n" else { return nil }
    return documents.map(\.derBytes)
  }
}
