import Attestation
import Identifiers

extension FuzzTarget {
  /// Evidence of trusted execution environments, which a stranger sends; what makers publish about them, and what hosts
  /// and devices answer, all of which somebody else may have written.
  static let hardwareTargets: [FuzzTarget] = [
    .findings("snp-evidence", SNPVerifier(requirements: anyFirmware)),
    .findings("tdx-quote", TDXVerifier(collateral: [])),
    .findings("nitro-document", NitroVerifier()),
    // The document inside, without the framing that most mutations would break.
    .findings("nitro-payload", NitroVerifier()) { SampleNitro.document(payload: $0) },
    FuzzTarget("vendor-certificate") { bytes in
      let authority = try AMDAuthority(product: .genoa, root: bytes, chips: bytes, providers: bytes)
      try require(authority.product == .genoa, "a certificate is of the product it is given for")
      try require((try? RevocationList(der: bytes)) == nil, "a certificate is no revocation list")
    },
    FuzzTarget("key-certificate-file") { bytes in
      let file = try KeyCertificateFile(bytes: bytes)
      try require(try? KeyCertificateFile(bytes: file.der) == file, "what was read in PEM is read in DER")
    },
    FuzzTarget("revocation-list") { bytes in
      let list = try RevocationList(der: bytes)
      try require(list.validity.lowerBound <= list.validity.upperBound, "a list is current at some time")
      try require((try? RevocationList(der: bytes + [0])) == nil, "nothing follows a list")
    },
    FuzzTarget("tdx-collateral") { bytes in
      try judge(IntelCollateral(json: bytes, root: SampleIntel.made.get().root))
    },
    // The texts inside, signed whatever they are.
    FuzzTarget("tdx-platforms") { bytes in
      let intel = try SampleIntel.made.get()
      try judge(IntelCollateral(json: intel.collateral(platforms: try text(bytes)), root: intel.root))
    },
    FuzzTarget("tdx-enclaves") { bytes in
      let intel = try SampleIntel.made.get()
      try judge(IntelCollateral(json: intel.collateral(enclaves: try text(bytes)), root: intel.root))
    },
    FuzzTarget("certificate-table") { bytes in
      let table = try CertificateTable(bytes: bytes)
      try require(table.certificates.count <= CertificateTable.maximumEntries, "a table has few entries")
    },
    FuzzTarget("nitro-answer") { bytes in
      let answer = try NitroAnswer(bytes: bytes)
      try require(answer.document.count < bytes.count, "a document lies within the answer")
    },
    .exact("inclusion-proof", decode: { try InclusionProof(decoding: $0) }, encode: { $0.encoded }) { proof in
      let request = try ReportData(bytes: [UInt8](repeating: 7, count: ReportData.byteCount))
      try require(proof.encoded.count <= InclusionProof.maximumSize, "a proof is short")
      try require(proof.reportData(over: request) != request, "a batch is not its request")
    },
    FuzzTarget("evidence-policy") { bytes in
      let policy = try EvidencePolicyFile(json: bytes)
      let again = try? EvidencePolicyFile(json: policy.json.serialized)
      try require(
        again?.json == policy.json, "a policy is written in one form, and says the same when it is read again")
    },
    FuzzTarget("evidence-file") { bytes in
      let reading = try EvidenceReading(file: bytes, at: SelfSignedCertificate.noon)
      try require(!reading.isAccepted, "nobody here has a maker's key")
      try require(
        reading.lines.allSatisfy { $0.utf8.allSatisfy { (32...126).contains($0) } }, "a line is printable")
      try require(
        (try? JSONValue(parsing: reading.json.serialized, limit: 1 << 20)) == reading.json, "the JSON can be read")
      guard !reading.failed.contains(where: { $0.check == .form }) else { throw NotReadable() }
    },
  ]

  private static let anyFirmware = SNPRequirements(
    minimumFirmware: Dictionary(
      SNPProduct.allCases.map { ($0, SNPFirmware(bootLoader: 0, tee: 0, snp: 0, microcode: 0)) },
      uniquingKeysWith: { $1 }))

  /// Under the makers' own roots, whose keys nobody here has.
  private static func findings(
    _ name: String, _ verifier: some EvidenceVerifier,
    around wrap: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
  ) -> FuzzTarget {
    FuzzTarget(name) { bytes in
      let evidence = try Evidence(kind: verifier.kind, data: wrap(bytes))
      let findings = try verifier.findings(in: evidence, now: SelfSignedCertificate.noon)
      try require(findings.faults.contains { $0.check.concernsProof }, "nobody here has a maker's key")
      try require(!findings.isDevelopment, "real hardware is not development")
      try require(findings.platform.map { $0.kind == verifier.kind } ?? true, "a machine is of its kind")
    }
  }

  private static func judge(_ collateral: IntelCollateral) throws(BrokenPromise) {
    try require(collateral.platformKind.count == 6, "statements are about one kind of platform")
    try require(collateral.validity.lowerBound <= collateral.validity.upperBound, "they are current at some time")
  }

  private static func text(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw NotText() }
    return text
  }
}

private struct NotText: Error {}
private struct NotReadable: Error {}
