public import Identifiers

/// What evidence must say to be believed in one network.
///
/// There is no way around a check; a network that shall believe less has another policy, visible in its registry.
public struct AttestationPolicy: Sendable {
  /// Code that may run, for every kind of evidence that is accepted at all.
  public let allowed: [EvidenceKind: Set<Measurement>]
  private let verifiers: [EvidenceKind: any EvidenceVerifier]

  /// - Parameter verifiers: used only for the kinds in `allowed`; the last one of a kind counts.
  public init(allowed: [EvidenceKind: Set<Measurement>], verifiers: [any EvidenceVerifier]) {
    self.allowed = allowed
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
    guard let measurements = allowed[evidence.kind], let verifier = verifiers[evidence.kind] else {
      throw AttestationRefusal(FailedCheck(.kind, "\(evidence.kind) is not accepted here"))
    }
    let findings = try verifier.findings(in: evidence, now: now)
    let judgements: [FailedCheck?] = [
      Self.development(findings, kind: evidence.kind),
      Self.debug(findings),
      Self.migration(findings),
      Self.measurement(findings, allowed: measurements),
      Self.reportData(findings, expected: expected),
    ]
    let failed = findings.faults + judgements.compactMap(\.self)
    if let first = failed.first { throw AttestationRefusal(first, Array(failed.dropFirst())) }
    return VerifiedEvidence(
      kind: evidence.kind, product: findings.product, isDevelopment: findings.isDevelopment,
      measurement: findings.measurement, reportData: expected)
  }
}

extension AttestationPolicy {
  /// A verifier of real hardware that reports a development product, or the reverse, is never believed.
  private static func development(_ findings: EvidenceFindings, kind: EvidenceKind) -> FailedCheck? {
    findings.isDevelopment == (kind == .software)
      ? nil : FailedCheck(.development, "product \(findings.product) does not fit \(kind)")
  }

  private static func debug(_ findings: EvidenceFindings) -> FailedCheck? {
    findings.isDebug ? FailedCheck(.debug, "the host can read this environment") : nil
  }

  private static func migration(_ findings: EvidenceFindings) -> FailedCheck? {
    findings.allowsMigration ? FailedCheck(.migration, "the host can move this environment") : nil
  }

  private static func measurement(_ findings: EvidenceFindings, allowed: Set<Measurement>) -> FailedCheck? {
    allowed.contains(findings.measurement)
      ? nil : FailedCheck(.measurement, "\(findings.measurement) is not on the list")
  }

  private static func reportData(_ findings: EvidenceFindings, expected: ReportData) -> FailedCheck? {
    findings.reportData == expected ? nil : FailedCheck(.reportData, "the report vouches for something else")
  }
}

/// Evidence a policy accepted, for exactly these 64 bytes.
public struct VerifiedEvidence: Sendable, Hashable {
  public let kind: EvidenceKind
  public let product: String
  /// True on a development network; every tool says so.
  public let isDevelopment: Bool
  public let measurement: Measurement
  public let reportData: ReportData

  fileprivate init(
    kind: EvidenceKind, product: String, isDevelopment: Bool, measurement: Measurement, reportData: ReportData
  ) {
    self.kind = kind
    self.product = product
    self.isDevelopment = isDevelopment
    self.measurement = measurement
    self.reportData = reportData
  }
}
