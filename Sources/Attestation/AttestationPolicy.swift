public import Identifiers

/// What evidence must say to be believed in one network.
///
/// There is no way around a check; a network that shall believe less has another policy, visible in its registry.
public struct AttestationPolicy: Sendable {
  /// Code that may run, for every kind of evidence that is accepted at all.
  public let allowed: [EvidenceKind: Set<Measurement>]
  /// Machines that may run it; nil where every machine may. Evidence that names no machine fails a list.
  public let platforms: Set<PlatformID>?
  /// Set where the policy is that of a registry: what its verifiers ask for.
  public let requirements: EvidenceRequirements?
  private let verifiers: [EvidenceKind: any EvidenceVerifier]

  /// - Parameter verifiers: used only for the kinds in `allowed`; the last one of a kind counts.
  public init(
    allowed: [EvidenceKind: Set<Measurement>], platforms: Set<PlatformID>? = nil, verifiers: [any EvidenceVerifier]
  ) {
    self.init(allowed, platforms, nil, verifiers)
  }

  /// What a registry asks for.
  ///
  /// - Parameters:
  ///   - developmentRoots: of software attesters; none where the network was founded without them.
  ///   - knowledge: what verifiers of hardware know beforehand.
  ///   - verifiers: of further kinds, or in the place of a verifier of this project.
  public init(
    allowed: [EvidenceKind: Set<Measurement>], requirements: EvidenceRequirements,
    developmentRoots: [DevelopmentRootKey], knowledge: VendorKnowledge, verifiers: [any EvidenceVerifier] = []
  ) {
    self.init(
      allowed, requirements.platforms, requirements,
      requirements.verifiers(knowledge) + verifiers + [SoftwareEvidenceVerifier(roots: developmentRoots)])
  }

  private init(
    _ allowed: [EvidenceKind: Set<Measurement>], _ platforms: Set<PlatformID>?, _ requirements: EvidenceRequirements?,
    _ verifiers: [any EvidenceVerifier]
  ) {
    self.allowed = allowed
    self.platforms = platforms
    self.requirements = requirements
    self.verifiers = Dictionary(
      verifiers.lazy.filter { allowed[$0.kind] != nil }.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
  }

  /// True when evidence made without any trusted execution environment is accepted.
  public var acceptsDevelopment: Bool { allowed[.software] != nil }

  /// The only way to ``VerifiedEvidence``.
  ///
  /// - Parameters:
  ///   - expected: computed by the caller from its own view of what the report shall vouch for.
  ///   - now: for the validity of certificates inside the evidence.
  /// - Throws: all failed checks together.
  public func verify(
    _ evidence: Evidence, expecting expected: ReportData, now: Timestamp
  ) throws(AttestationRefusal) -> VerifiedEvidence {
    let findings = try findings(in: evidence, now: now)
    let failed =
      faults(findings, kind: evidence.kind)
      + [require(findings.reportData == expected, .reportData, "the report vouches for something else")]
      .compactMap(\.self)
    if let first = failed.first { throw AttestationRefusal(first, Array(failed.dropFirst())) }
    return VerifiedEvidence(
      kind: evidence.kind, product: findings.product, isDevelopment: findings.isDevelopment,
      measurement: findings.measurement, platform: findings.platform, reportData: expected, evidence: evidence)
  }

  /// What this policy thinks of evidence whatever the report carries, for whoever looks at evidence in a file. It is no
  /// reason to talk to anybody.
  public func verdict(on evidence: Evidence, now: Timestamp) -> AttestationVerdict {
    do {
      let findings = try findings(in: evidence, now: now)
      return AttestationVerdict(findings: findings, failed: faults(findings, kind: evidence.kind))
    } catch {
      return AttestationVerdict(findings: nil, failed: error.failed)
    }
  }
}

extension AttestationPolicy {
  private func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard allowed[evidence.kind] != nil, let verifier = verifiers[evidence.kind] else {
      throw AttestationRefusal(FailedCheck(.kind, "\(evidence.kind) is not accepted here"))
    }
    return try verifier.findings(in: evidence, now: now)
  }

  @FailedChecks private func faults(_ findings: EvidenceFindings, kind: EvidenceKind) -> [FailedCheck] {
    findings.faults
    // A verifier of real hardware that reports a development product, or the reverse, is never believed.
    require(
      findings.isDevelopment == (kind == .software), .development, "product \(findings.product) does not fit \(kind)")
    require(!findings.isDebug, .debug, "the host can read this environment")
    require(!findings.allowsMigration, .migration, "the host can move this environment")
    require(
      allowed[kind]?.contains(findings.measurement) == true, .measurement, "\(findings.measurement) is not on the list")
    require(
      platforms.map { list in findings.platform.map(list.contains) ?? false } ?? true, .platform,
      "\(findings.platform?.description ?? "a machine without a name") is not on the list")
  }
}

/// What a policy thinks of evidence.
public struct AttestationVerdict: Sendable, Hashable {
  /// What the evidence says; nil when it cannot even be read.
  public let findings: EvidenceFindings?
  /// Every check that failed.
  public let failed: [FailedCheck]

  public var isAccepted: Bool { findings != nil && failed.isEmpty }
}

/// Evidence a policy accepted, for exactly these 64 bytes.
public struct VerifiedEvidence: Sendable, Hashable {
  public let kind: EvidenceKind
  public let product: String
  /// True on a development network; every tool says so.
  public let isDevelopment: Bool
  public let measurement: Measurement
  /// The machine, so that it is not counted as two nodes; nil where evidence of this kind names none.
  public let platform: PlatformID?
  public let reportData: ReportData
  /// As it came, so that it can be judged again when the policy changes.
  public let evidence: Evidence

  fileprivate init(
    kind: EvidenceKind, product: String, isDevelopment: Bool, measurement: Measurement, platform: PlatformID?,
    reportData: ReportData, evidence: Evidence
  ) {
    self.kind = kind
    self.product = product
    self.isDevelopment = isDevelopment
    self.measurement = measurement
    self.platform = platform
    self.reportData = reportData
    self.evidence = evidence
  }

  /// Whether both are of one kind and, as far as evidence tells, of one machine.
  public func isOfSameMachine(as other: VerifiedEvidence) -> Bool { kind == other.kind && platform == other.platform }
}
