/// What Intel's statements say of the platform, the module and the enclave behind one quote.
struct TDXJudgement: Sendable {
  private let collateral: IntelCollateral
  private let quote: TDQuote
  private let platform: PlatformEndorsement
  private let parts: [(name: String, judgement: FirmwareJudgement?)]

  init(_ collateral: IntelCollateral, _ quote: TDQuote, _ platform: PlatformEndorsement) {
    self.collateral = collateral
    self.quote = quote
    self.platform = platform
    let platforms = collateral.platforms
    parts =
      zip(["", "current "], quote.report.securityVersions).flatMap { when, versions in
        [
          (when + "platform", platforms.judgement(of: platform, versions)),
          (when + "TDX module", platforms.module(versions)?.judgement(of: versions)),
        ]
      } + [("quoting enclave", collateral.enclaves.judgement(of: quote.enclave))]
  }

  /// The worst of all; nil where Intel does not speak of one of them.
  var overall: FirmwareJudgement? {
    let judgements = parts.compactMap(\.judgement)
    guard judgements.count == parts.count, let first = judgements.first else { return nil }
    return judgements.dropFirst().reduce(first) { $0.joined(with: $1) }
  }

  @FailedChecks func faults(against requirements: TDXRequirements) -> [FailedCheck] {
    require(collateral.platforms.enclaveID == platform.enclaveID, .firmware, "another provisioning enclave")
    require(collateral.enclaves.describes(quote.enclave), .quotingEnclave, "not the enclave Intel speaks of")
    require(
      quote.report.securityVersions.allSatisfy { collateral.platforms.module($0)?.describes(quote.report) == true },
      .firmware,
      "not a TDX module Intel speaks of")
    for (name, judgement) in parts {
      require(
        judgement.map { $0.status != .revoked && requirements.statuses.contains($0.status) } ?? false, .firmwareStatus,
        "the \(name) is \(judgement?.status.rawValue ?? "older than all that is known")")
    }
    require(
      parts.allSatisfy { requirements.advisories.isSuperset(of: $0.judgement?.advisories ?? []) }, .advisory,
      "not accepted are \(parts.flatMap { $0.judgement?.advisories ?? [] }.filter { !requirements.advisories.contains($0) }.sorted())"
    )
    require(
      collateral.platforms.evaluation >= requirements.minimumEvaluation, .collateral,
      "made with criteria \(collateral.platforms.evaluation)")
  }
}
