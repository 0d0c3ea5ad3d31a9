import Identifiers

/// The certificates a host hands to an SEV-SNP guest (GHCB specification, SNP Extended Guest Request): entries of 24
/// bytes, name, offset and length, up to one that is all zeros, and the certificates behind them.
///
/// The host writes it as it likes. Names are passed over: what a certificate is says the certificate itself.
public struct CertificateTable: Sendable, Hashable {
  public static let maximumSize = 32 << 10
  public static let maximumEntries = 16
  private static let entryByteCount = 24

  /// What lies where the entries point, in their order; nothing longer than a certificate.
  public let certificates: [[UInt8]]

  /// - Parameter bytes: nothing at all is a table without entries.
  /// - Throws: when an entry points outside, or there is no end.
  public init(bytes: [UInt8]) throws(CertificateTableError) {
    guard bytes.count <= Self.maximumSize else { throw .malformed }
    var certificates: [[UInt8]] = []
    var reader = ByteReader(bytes)
    var isAtEnd = bytes.isEmpty
    for _ in 0...Self.maximumEntries where !isAtEnd {
      guard let name = try? reader.raw(16), let offset = try? reader.littleU32(), let count = try? reader.littleU32()
      else { throw .malformed }
      isAtEnd = name.allSatisfy { $0 == 0 } && offset == 0 && count == 0
      if isAtEnd { break }
      guard offset <= bytes.count, count <= bytes.count - offset else { throw .malformed }
      if count <= VendorCertificate.maximumSize { certificates.append(Array(bytes[offset..<offset + count])) }
    }
    guard isAtEnd else { throw .malformed }
    self.certificates = certificates
  }
}

public enum CertificateTableError: Error, Sendable, Hashable {
  case malformed
}
