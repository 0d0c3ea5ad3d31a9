import Foundation

/// Certificates in PEM, one after another, exactly as OpenSSL writes them: no text between, lines of 64 characters, one
/// newline behind each (RFC 7468, "strict").
///
/// Nothing signs this text, so that only one text is read for each chain. The library's reader takes as long as all the
/// signature checks of a quote together, and takes other texts too.
enum PEMChain {
  private static let begin = Array("-----BEGIN CERTIFICATE-----".utf8)
  private static let end = Array("-----END CERTIFICATE-----".utf8)
  private static let newline = UInt8(ascii: "\n")
  private static let lineLength = 64

  /// DER of each.
  ///
  /// - Parameter bytes: a zero byte may follow, as in Intel's quotes, and so may an empty line, as in Intel's statements.
  static func decode(_ bytes: [UInt8], limit: Int) -> [[UInt8]]? {
    guard bytes.count <= limit * (2 * VendorCertificate.maximumSize) else { return nil }
    var rest = bytes[...]
    if rest.last == 0 { rest = rest.dropLast() }
    if rest.suffix(2).elementsEqual([newline, newline]) { rest = rest.dropLast() }
    var certificates: [[UInt8]] = []
    while !rest.isEmpty {
      guard certificates.count < limit, let certificate = certificate(&rest) else { return nil }
      certificates.append(certificate)
    }
    return certificates.isEmpty ? nil : certificates
  }

  private static func certificate(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard let first = line(&rest), first.elementsEqual(begin) else { return nil }
    var text = Data()
    var isLast = false
    while let line = line(&rest) {
      if line.elementsEqual(end) {
        // The one encoding of these bytes, with nothing in its unused bits.
        guard let der = Data(base64Encoded: text), !der.isEmpty, der.base64EncodedData() == text else { return nil }
        return Array(der)
      }
      guard !isLast, (1...lineLength).contains(line.count) else { return nil }
      isLast = line.count < lineLength
      text.append(contentsOf: line)
    }
    return nil
  }

  /// Up to a newline, which is taken away too; nil where there is none.
  private static func line(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let place = rest.firstIndex(of: newline) else { return nil }
    defer { rest = rest[(place + 1)...] }
    return rest[..<place]
  }
}
