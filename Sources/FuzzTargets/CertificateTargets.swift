import Attestation
import Identifiers

extension FuzzTarget {
  /// What either end of a connection presents before it is believed anything.
  static let certificateTargets: [FuzzTarget] = [
    FuzzTarget("node-certificate") { try judge(certificate: $0) },
    // A stranger signs whatever it likes with a key of its own, which no mutation of signed bytes gets to.
    FuzzTarget("node-certificate-content") { bytes in
      try judge(certificate: try SelfSignedCertificate.der(content: bytes))
    },
    .exact("certificate-binding", decode: { try CertificateBinding(decoding: $0) }, encode: { $0.encoded }) { binding in
      try require(binding.reportData.bytes.count == ReportData.byteCount, "a binding has report data")
    },
    FuzzTarget("evidence") { bytes in
      let evidence = try Evidence(kind: .software, data: bytes)
      let verifier = SoftwareEvidenceVerifier(roots: [try SelfSignedCertificate.developmentRoot().publicKey])
      let findings = try verifier.findings(in: evidence, now: SelfSignedCertificate.noon)
      try require(findings.isDevelopment, "software evidence says that it is software evidence")
    },
  ]

  private static func judge(certificate bytes: [UInt8]) throws {
    let certificate = try UnverifiedNodeCertificate(der: bytes)
    try require(certificate.der == bytes, "a certificate is the bytes it was read from")
    let binding = certificate.binding
    try require(
      try? CertificateBinding(decoding: binding.encoded) == binding, "what was read is written as the same binding")
    try require(
      (try? certificate.requireValid(at: binding.notBefore)) != nil, "a certificate is valid when it says so")
  }
}
