import Identifiers

/// Evidence in a file, and which kind it is by its own look: an SEV-SNP report, alone or with the certificate of its key
/// behind it; a TDX quote; a Nitro document, with or without more behind it; the same report by software; or a node's
/// certificate with any of these in it.
struct EvidenceFile: Sendable {
  static let maximumSize = 1 << 20

  let kind: EvidenceKind
  /// As in ``Evidence/data``.
  var data: [UInt8]
  /// How many bytes lie behind the evidence and are no part of it.
  var bytesBehind = 0
  /// Around the evidence.
  var certificate: UnverifiedNodeCertificate?

  /// - Throws: ``EvidenceReadingError/unknownKind``.
  init(bytes: [UInt8]) throws(EvidenceReadingError) {
    guard bytes.count <= Self.maximumSize else { throw .unknownKind }
    if let certificate = try? UnverifiedNodeCertificate(der: bytes) {
      self.init(kind: certificate.evidence.kind, data: certificate.evidence.data)
      self.certificate = certificate
    } else if let report = SNPReport(bytes: bytes.prefix(SNPReport.byteCount)), (2...5).contains(report.version) {
      let isSoftware = DevelopmentEndorsement(der: Array(bytes.dropFirst(SNPReport.byteCount))) != nil
      self.init(kind: isSoftware ? .software : .sevSNP, data: bytes)
    } else if Self.looksLikeQuote(bytes) {
      self.init(kind: .tdx, data: bytes)
    } else if bytes.first == 0x84 || bytes.starts(with: [0xD2, 0x84]), let file = try? NitroFile(bytes: bytes) {
      self.init(kind: .nitro, data: file.document)
      bytesBehind = file.rest.count
    } else {
      throw .unknownKind
    }
  }

  private init(kind: EvidenceKind, data: [UInt8]) {
    self.kind = kind
    self.data = data
  }

  /// Version 4 or 5, any key type, environment 0x81.
  private static func looksLikeQuote(_ bytes: [UInt8]) -> Bool {
    bytes.count > 48 && (bytes[0] == 4 || bytes[0] == 5) && bytes[1] == 0
      && bytes[4..<8].elementsEqual([0x81, 0, 0, 0])
  }
}

public enum EvidenceReadingError: Error, Sendable, Hashable, CustomStringConvertible {
  case unknownKind
  /// Neither what Intel says of platforms, nor the certificate of a key, nor a revocation list; or not signed.
  case collateral(String)

  public var description: String {
    switch self {
    case .unknownKind: "this is evidence of no kind that is known here"
    case .collateral(let why): "the collateral does not count: \(why)"
    }
  }
}
