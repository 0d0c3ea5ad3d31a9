import Identifiers

/// Makes the verifier that a file of evidence is judged by.
struct EvidenceJudge: Sendable {
  let policy: EvidencePolicyFile?
  let knowledge: VendorKnowledge

  /// Of its kind; nil where there is none.
  func verifier(for evidence: Evidence) -> (any EvidenceVerifier)? {
    let requirements = policy?.requirements ?? Self.requirements(without: evidence)
    let verifiers: [any EvidenceVerifier] =
      requirements.verifiers(knowledge) + [SoftwareEvidenceVerifier(roots: policy?.developmentRoots ?? [])]
    return verifiers.first { $0.kind == evidence.kind }
  }

  /// Where there is no policy, the evidence says itself whose key signed, at which level and with which firmware.
  private static func requirements(without evidence: Evidence) -> EvidenceRequirements {
    var requirements = EvidenceRequirements()
    let any = SNPFirmware(bootLoader: 0, tee: 0, snp: 0, microcode: 0)
    requirements.snp.minimumFirmware = Dictionary(SNPProduct.allCases.map { ($0, any) }, uniquingKeysWith: { $1 })
    if let report = SNPReport(bytes: evidence.data.prefix(SNPReport.byteCount)) {
      requirements.snp.privilegeLevel = report.privilegeLevel
    }
    if let endorsement = SNPEndorsement(der: Array(evidence.data.dropFirst(SNPReport.byteCount))) {
      requirements.snp.signers = [endorsement.signer]
    }
    return requirements
  }
}
