public import Identifiers

/// Verifies AWS Nitro evidence: an attestation document. Report data is its user data; the measurement is PCR 0, the
/// hash of the enclave's image.
public struct NitroVerifier: EvidenceVerifier {
  private let root: [UInt8]
  private let requirements: NitroRequirements

  /// - Parameter root: DER of the certificate at the top.
  public init(requirements: NitroRequirements = NitroRequirements(), root: [UInt8] = NitroRoot.der) {
    self.requirements = requirements
    self.root = root
  }

  public var kind: EvidenceKind { .nitro }

  public func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard evidence.kind == kind, let document = NitroDocument(bytes: evidence.data),
      let image = document.registers[0], let measurement = try? Measurement(bytes: image)
    else { throw AttestationRefusal(FailedCheck(.form, "not an attestation document")) }
    return EvidenceFindings(
      product: "Nitro Enclaves", isDevelopment: false, measurement: measurement,
      reportData: document.userData.flatMap { try? ReportData(bytes: $0) }, isDebug: document.isDebug,
      allowsMigration: false,
      platform: document.instance.flatMap { try? PlatformID(kind: .nitro, bytes: Array($0.utf8)) },
      faults: proof(document, now: now) + faults(document, now: now))
  }

  @FailedChecks private func proof(_ document: NitroDocument, now: Timestamp) -> [FailedCheck] {
    CertificatePath(authorities: document.authorities, root: root).appending(leaf: document.certificate).faults(
      now: now)
    require(document.isSigned, .reportSignature, "not signed by the key of its certificate")
  }

  @FailedChecks private func faults(_ document: NitroDocument, now: Timestamp) -> [FailedCheck] {
    require(document.time <= now.adding(seconds: requirements.slack), .age, "made at \(document.time), in the future")
    require(now.seconds(since: document.time) <= requirements.maximumAge, .age, "made at \(document.time)")
    for (register, values) in requirements.registers.sorted(by: { $0.key < $1.key }) {
      require(
        document.registers[register].map(values.contains) ?? false, .configuration,
        "register \(register) is not on the list")
    }
  }
}
