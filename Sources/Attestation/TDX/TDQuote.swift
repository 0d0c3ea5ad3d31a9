import Crypto
import Identifiers

/// A quote about a trust domain, version 4 or 5, signed with ECDSA P-256 (Intel TDX DCAP quoting library API, appendix A).
struct TDQuote: Sendable {
  /// Leaf, intermediate, root.
  static let certificateCount = 3

  let version: Int
  let report: TDReport
  /// Of the enclave that signed the quote, and the key it made for that.
  let enclave: EnclaveReport
  /// Of the platform's key, and DER of those above it, the root first.
  let certificate: VendorCertificate
  let authorities: [[UInt8]]
  private let signed: [UInt8]
  private let signature: [UInt8]
  private let key: [UInt8]
  private let authentication: [UInt8]
  private let enclaveSignature: [UInt8]

  /// - Returns: nil unless these bytes are such a quote. Whether it is signed is another question.
  init?(bytes: [UInt8]) {
    do {
      var reader = ByteReader(bytes)
      version = try reader.littleU16()
      let keyType = try reader.littleU16()
      let environment = try reader.littleU32()
      _ = try reader.raw(4)
      let vendor = try reader.raw(16)
      _ = try reader.raw(20)
      guard keyType == Self.ecdsaP256, environment == Self.tdx, vendor == Self.intel else { return nil }
      let report: [UInt8]
      switch version {
      case 4: report = try reader.raw(TDReport.firstByteCount)
      case 5:
        let type = try reader.littleU16()
        report = try reader.littleField()
        guard report.count == Self.byteCounts[type] else { return nil }
      default: return nil
      }
      signed = Array(bytes.prefix(bytes.count - reader.remaining))
      var data = ByteReader(try reader.littleField())
      // Buffers of a fixed size leave zeros behind. Nothing signs them, so that nothing else may be there.
      guard try reader.raw(reader.remaining).allSatisfy({ $0 == 0 }) else { return nil }
      signature = try data.raw(64)
      key = try data.raw(64)
      guard try data.littleU16() == Self.enclaveReport else { return nil }
      var certification = ByteReader(try data.littleField())
      try data.finish()
      let enclave = try certification.raw(EnclaveReport.byteCount)
      enclaveSignature = try certification.raw(64)
      authentication = try certification.raw(certification.littleU16())
      guard try certification.littleU16() == Self.certificateChain else { return nil }
      let chain = try certification.littleField()
      try certification.finish()
      guard let report = TDReport(bytes: report), let enclave = EnclaveReport(bytes: enclave),
        let certificates = PEMChain.decode(chain, limit: Self.certificateCount),
        certificates.count == Self.certificateCount, let leaf = certificates.first
      else { return nil }
      self.report = report
      self.enclave = enclave
      certificate = try VendorCertificate(der: leaf)
      authorities = certificates.dropFirst().reversed()
    } catch {
      return nil
    }
  }

  /// Whether the enclave's key signed header and report.
  var isSigned: Bool { Self.verifies(signed, signature, try? P256.Signing.PublicKey(rawRepresentation: key)) }

  /// Whether the enclave's report is about exactly that key.
  var isKeyOfEnclave: Bool {
    enclave.reportData == Array(SHA256.hash(data: key + authentication)) + [UInt8](repeating: 0, count: 32)
  }

  /// Whether the platform's key signed the report of the enclave.
  var isEnclaveSigned: Bool { Self.verifies(enclave.bytes, enclaveSignature, certificate.key.p256) }

  /// From the root down to the platform's key.
  ///
  /// - Parameter known: a path to an authority that was checked before; nothing is checked twice.
  /// - Returns: nil where there are no certificates.
  func path(root: [UInt8], known: CertificatePath?) -> CertificatePath? {
    if let known, known.certificates.map(\.der) == authorities { return known.appending(leaf: certificate) }
    let read = authorities.compactMap { try? VendorCertificate(der: $0) }
    guard read.count == authorities.count else { return nil }
    return CertificatePath(authorities: read, root: root).appending(leaf: certificate)
  }
}

extension TDQuote {
  private static let ecdsaP256 = 2
  private static let tdx = 0x81
  private static let intel: [UInt8] = [
    0x93, 0x9A, 0x72, 0x33, 0xF7, 0x9C, 0x4C, 0xA9, 0x94, 0x0A, 0x0D, 0xB3, 0x95, 0x7F, 0x06, 0x07,
  ]
  /// Body types of version 5: TDX 1.0 and 1.5.
  private static let byteCounts = [2: TDReport.firstByteCount, 3: TDReport.secondByteCount]
  /// Types of certification data.
  private static let enclaveReport = 6
  private static let certificateChain = 5

  private static func verifies(_ message: [UInt8], _ signature: [UInt8], _ key: P256.Signing.PublicKey?) -> Bool {
    guard let key, let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
    return key.isValidSignature(signature, for: SHA256.hash(data: message))
  }
}
