/// Makes the verifier that a file of evidence is judged by.
struct EvidenceJudge: Sendable {
  let policy: EvidencePolicyFile?
  let collateral: EvidenceCollateral?
  let roots: EvidenceRoots

  func verifier(for evidence: Evidence) -> any EvidenceVerifier {
    switch evidence.kind {
    case .tdx:
      var statements: [IntelCollateral] = []
      if case .intel(let collateral) = collateral { statements = [collateral] }
      return TDXVerifier(requirements: policy?.tdx ?? TDXRequirements(), collateral: statements, root: roots.intel)
    case .nitro:
      return NitroVerifier(requirements: policy?.nitro ?? NitroRequirements(), root: roots.nitro)
    case .software:
      return SoftwareEvidenceVerifier(roots: policy?.developmentRoots ?? [])
    default:
      var lists: [RevocationList] = []
      if case .revocations(let list) = collateral { lists = [list] }
      return SNPVerifier(
        requirements: policy?.snp ?? Self.requirements(without: evidence), authorities: roots.amd, revocations: lists)
    }
  }

  /// Where there is no policy, the evidence says itself whose key signed, at which level and with which firmware.
  private static func requirements(without evidence: Evidence) -> SNPRequirements {
    let any = SNPFirmware(bootLoader: 0, tee: 0, snp: 0, microcode: 0)
    var requirements = SNPRequirements(
      minimumFirmware: Dictionary(SNPProduct.allCases.map { ($0, any) }, uniquingKeysWith: { $1 }))
    if let report = SNPReport(bytes: evidence.data.prefix(SNPReport.byteCount)) {
      requirements.privilegeLevel = report.privilegeLevel
    }
    if let endorsement = SNPEndorsement(der: Array(evidence.data.dropFirst(SNPReport.byteCount))) {
      requirements.signers = [endorsement.signer]
    }
    return requirements
  }
}
