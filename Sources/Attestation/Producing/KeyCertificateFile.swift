/// A file with the certificate of a key that signs SEV-SNP reports (VCEK or VLEK), as AMD's key server or a provider
/// hands it out: DER, or PEM of this one certificate.
public struct KeyCertificateFile: Sendable, Hashable {
  public let der: [UInt8]

  /// - Throws: ``KeyCertificateFileError`` unless it is such a certificate. Whose it is shows when a report is made.
  public init(bytes: [UInt8]) throws(KeyCertificateFileError) {
    guard let der = bytes.first == UInt8(ascii: "-") ? PEMChain.decode(bytes, limit: 1)?.first : bytes,
      SNPEndorsement(der: der) != nil
    else { throw .notACertificate }
    self.der = der
  }
}

public enum KeyCertificateFileError: Error, Sendable, Hashable {
  case notACertificate
}
