import Crypto
public import Identifiers

/// Verifies Intel TDX evidence: a quote with the certificates of the platform's key in it.
///
/// The measurement is SHA-384 over MRTD and RTMR 0 … 3. What Intel says of platforms is handed in beforehand.
public struct TDXVerifier: EvidenceVerifier {
  private let root: [UInt8]
  private let requirements: TDXRequirements
  private let collateral: [IntelCollateral]

  /// - Parameters:
  ///   - collateral: of a kind of platform, the last that is under this root and current counts.
  ///   - root: DER of the certificate at the top.
  public init(
    requirements: TDXRequirements = TDXRequirements(), collateral: [IntelCollateral], root: [UInt8] = IntelRoot.der
  ) {
    self.requirements = requirements
    self.collateral = collateral.filter { $0.root == root }
    self.root = root
  }

  public var kind: EvidenceKind { .tdx }

  public func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard evidence.kind == kind, let quote = TDQuote(bytes: evidence.data),
      let platform = PlatformEndorsement(quote.certificate)
    else { throw AttestationRefusal(FailedCheck(.form, "not a quote with the certificate of a platform")) }
    let collateral = collateral(for: platform, now: now)
    guard let path = quote.path(root: root, known: collateral?.authority),
      let measurement = try? Measurement(bytes: Array(SHA384.hash(data: quote.report.measured))),
      let reportData = try? ReportData(bytes: quote.report.reportData)
    else { throw AttestationRefusal(FailedCheck(.form, "not a quote with the certificate of a platform")) }
    let judgement = collateral.map { TDXJudgement($0, quote, platform) }
    var findings = EvidenceFindings(
      product: quote.report.serviceDomains == nil ? "TDX 1.0" : "TDX 1.5", isDevelopment: false,
      measurement: measurement, reportData: reportData, isDebug: quote.report.isDebug,
      allowsMigration: quote.report.isMigratable, platform: try? PlatformID(kind: .tdx, bytes: platform.platformID),
      faults: proof(quote, path, collateral, now: now) + (judgement?.faults(against: requirements) ?? [])
        + faults(quote.report))
    findings.firmwareStatus = judgement?.overall?.status
    findings.advisories = judgement?.overall?.advisories ?? []
    return findings
  }

  /// What is current, or else what was.
  private func collateral(for platform: PlatformEndorsement, now: Timestamp) -> IntelCollateral? {
    let candidates = collateral.filter { $0.platformKind == platform.platformKind }
    return candidates.last { $0.validity.contains(now) } ?? candidates.last
  }

  @FailedChecks private func proof(
    _ quote: TDQuote, _ path: CertificatePath, _ collateral: IntelCollateral?, now: Timestamp
  ) -> [FailedCheck] {
    path.faults(now: now, revocations: collateral?.revocations ?? [])
    require(quote.isEnclaveSigned, .quotingEnclave, "not signed by the key of the platform")
    require(quote.isKeyOfEnclave, .quotingEnclave, "speaks of another key")
    require(quote.isSigned, .reportSignature, "not signed by the key of the enclave")
    if let collateral {
      collateral.faults(now: now)
      require(
        collateral.authority.leaf?.subject == quote.certificate.issuer, .collateral,
        "the revocation list is of another authority")
      require(
        now.seconds(since: collateral.made) <= requirements.maximumCollateralAge, .collateral,
        "made at \(collateral.made)")
    } else {
      FailedCheck(.collateral, "nothing is known of this kind of platform")
    }
  }

  @FailedChecks private func faults(_ report: TDReport) -> [FailedCheck] {
    require(
      report.attributes & Self.disablesViolations != 0, .configuration, "the host can make its memory violations seen")
    require(
      report.attributes & ~(Self.disablesViolations | Self.judgedElsewhere | requirements.attributes) == 0,
      .configuration, "attributes 0x\(String(report.attributes, radix: 16))")
    require(
      requirements.configurationID.map { $0 == report.configurationID } ?? true, .configuration,
      "the host gave it another configuration")
    require(
      report.serviceDomains.map { $0 == requirements.serviceDomains }
        ?? requirements.serviceDomains.allSatisfy { $0 == 0 },
      .configuration, "other domains may act on it")
  }

  /// SEPT_VE_DISABLE.
  private static let disablesViolations: UInt64 = 1 << 28
  /// Debugging and migration, which every policy refuses.
  private static let judgedElsewhere: UInt64 = 0xFF | 1 << 29
}
