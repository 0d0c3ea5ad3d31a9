public import Identifiers

/// What a file of evidence says and what is thought of it, for whoever looks at it without talking to anybody.
public struct EvidenceReading: Sendable, Hashable {
  public let kind: EvidenceKind
  /// The network that the node's certificate around the evidence names; nil where there is none.
  public let network: NetworkID?
  /// The time it was judged at.
  public let time: Timestamp
  /// Whether a policy was given. Without one the measurement, the machine and the age of firmware are not judged.
  public let hasPolicy: Bool
  public let facts: [EvidenceFact]
  /// Every check that failed.
  public let failed: [FailedCheck]
  /// Whether there was anything to judge: the evidence is of a kind that is accepted and has the form of that kind.
  let isReadable: Bool
  /// Whether it lies in a node's certificate, which says what the report has to carry.
  let isInCertificate: Bool

  public var isAccepted: Bool { failed.isEmpty }

  /// - Parameters:
  ///   - file: see `docs/attestation.md` for what is recognised.
  ///   - collateral: Intel's statements, the certificate of an AMD key, or AMD's revocation list.
  /// - Throws: ``EvidenceReadingError`` when file or collateral are of no known kind. Evidence that can be told apart but
  ///   not read is refused, not thrown.
  ///   - knowledge: what is known of platforms besides.
  public init(
    file: [UInt8], collateral: [UInt8]? = nil, policy: EvidencePolicyFile? = nil,
    knowledge: VendorKnowledge = VendorKnowledge(), at time: Timestamp
  ) throws(EvidenceReadingError) {
    var file = try EvidenceFile(bytes: file)
    var knowledge = knowledge
    if let collateral {
      switch try EvidenceCollateral(bytes: collateral, intelRoot: knowledge.roots.intel) {
      case .certificate(let certificate):
        if file.kind == .sevSNP, file.data.count == SNPReport.byteCount { file.data += certificate.der }
      case let statement: knowledge.add(statement)
      }
    }
    kind = file.kind
    network = file.certificate?.binding.network
    self.time = time
    hasPolicy = policy != nil
    isInCertificate = file.certificate != nil
    guard let evidence = try? Evidence(kind: file.kind, data: file.data) else {
      facts = []
      isReadable = false
      failed = [FailedCheck(.form, "larger than evidence may be")]
      return
    }
    let verifier = EvidenceJudge(policy: policy, knowledge: knowledge).verifier(for: evidence)
    let ownMeasurement = try? verifier?.findings(in: evidence, now: time).measurement
    let verdict = AttestationPolicy(
      allowed: policy?.allowed ?? [file.kind: Set([ownMeasurement].compactMap(\.self))],
      platforms: policy?.requirements.platforms, verifiers: [verifier].compactMap(\.self)
    ).verdict(on: evidence, now: time)
    isReadable = verdict.findings != nil
    facts =
      (verdict.findings.map(EvidenceFact.common) ?? []) + EvidenceFact.ofKind(file.kind, file.data)
      + Self.facts(around: file)
    failed = verdict.failed + Self.faults(around: file, findings: verdict.findings, now: time)
  }

  @EvidenceFacts private static func facts(around file: EvidenceFile) -> [EvidenceFact] {
    if let binding = file.certificate?.binding {
      EvidenceFact("network", binding.network.text)
      EvidenceFact("node", binding.node.text)
      EvidenceFact("nodeCertificateValidity", "\(binding.notBefore) to \(binding.notAfter)")
    }
    if file.bytesBehind > 0 { EvidenceFact("bytesBehind", "\(file.bytesBehind)") }
  }

  @FailedChecks private static func faults(
    around file: EvidenceFile, findings: EvidenceFindings?, now: Timestamp
  ) -> [FailedCheck] {
    if let certificate = file.certificate, let findings {
      require(
        findings.reportData == certificate.binding.reportData, .reportData, "the report is not about this certificate")
      require(
        (try? certificate.requireValid(at: now)) != nil, .age,
        "the node's certificate is valid \(certificate.binding.notBefore) to \(certificate.binding.notAfter)")
    }
  }
}
