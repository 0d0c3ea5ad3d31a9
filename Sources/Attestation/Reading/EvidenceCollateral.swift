/// What is handed in beside evidence, by its own look: Intel's statements (JSON), or for SEV-SNP the certificate of the
/// key that signed (DER or PEM) or a revocation list of AMD's (DER).
enum EvidenceCollateral: Sendable {
  case intel(IntelCollateral)
  case certificate(KeyCertificateFile)
  case revocations(RevocationList)

  init(bytes: [UInt8], intelRoot: [UInt8]) throws(EvidenceReadingError) {
    if let start = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }), start == UInt8(ascii: "{") {
      do {
        self = .intel(try IntelCollateral(json: bytes, root: intelRoot))
      } catch {
        throw .collateral(error.rawValue)
      }
    } else if let certificate = try? KeyCertificateFile(bytes: bytes) {
      self = .certificate(certificate)
    } else if let list = try? RevocationList(der: bytes) {
      self = .revocations(list)
    } else {
      throw .collateral("malformed")
    }
  }
}
