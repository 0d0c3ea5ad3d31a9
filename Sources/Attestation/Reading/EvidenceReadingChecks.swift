extension EvidenceReading {
  /// What became of one check.
  public struct CheckResult: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
      case passed, failed
      /// An earlier one failed, after which nothing can be said of this one.
      case notReached = "not reached"
    }

    public let check: AttestationCheck
    public let state: State
    /// Why it failed, each reason for itself.
    public let details: [String]
  }

  /// Every check that is made of evidence of this kind, in the order of checking.
  public var checks: [CheckResult] {
    AttestationCheck.allCases.compactMap { check in
      let details = failed.filter { $0.check == check }.map(\.detail)
      guard !details.isEmpty || isMade(check) else { return nil }
      let isReached = isReadable || check == .kind
      return CheckResult(
        check: check, state: !details.isEmpty ? .failed : isReached ? .passed : .notReached, details: details)
    }
  }

  private func isMade(_ check: AttestationCheck) -> Bool {
    switch check {
    case .kind, .form, .endorsement, .endorsementValidity, .reportSignature, .debug, .migration: true
    case .measurement, .platform, .development: hasPolicy
    // What a report has to carry is known only where it lies in a certificate.
    case .reportData: isInCertificate
    case .age: kind == .nitro || isInCertificate
    case .chip: kind == .sevSNP || kind == .software
    case .firmware: kind != .nitro
    case .revocation: kind == .sevSNP || kind == .tdx
    case .signer, .product, .minimumFirmware, .privilegeLevel, .protections: kind == .sevSNP
    case .collateral, .quotingEnclave, .firmwareStatus, .advisory: kind == .tdx
    case .configuration: kind != .software
    }
  }

  /// ``checks``, a line each and one more for every further reason, for people.
  public var checkLines: [String] {
    let width = AttestationCheck.allCases.map(\.rawValue.count).max() ?? 0
    return checks.flatMap { result in
      let name = result.check.rawValue + String(repeating: " ", count: width - result.check.rawValue.count)
      let state = result.state.rawValue
      return result.details.isEmpty
        ? ["\(name)  \(state)"] : result.details.map { "\(name)  \(state): \(Self.printable($0))" }
    }
  }
}
