public import Attestation
import Identifiers

extension MembershipSnapshot {
  /// What evidence has to say now: kinds and measurements of the registry, development roots only of a network whose
  /// founding document has them.
  ///
  /// - Parameter verifiers: of further kinds, or in the place of one of this project.
  public func attestationPolicy(
    _ knowledge: VendorKnowledge, verifiers: [any EvidenceVerifier] = []
  ) -> AttestationPolicy {
    AttestationPolicy(
      allowed: allowedCode, requirements: requirements, developmentRoots: developmentRoots, knowledge: knowledge,
      verifiers: verifiers)
  }

  /// The same in the form in which evidence in files is judged by it.
  public var evidencePolicy: EvidencePolicyFile {
    EvidencePolicyFile(allowed: allowedCode, developmentRoots: developmentRoots, requirements: requirements)
  }

  private var allowedCode: [EvidenceKind: Set<Measurement>] {
    var allowed: [EvidenceKind: Set<Measurement>] = [:]
    for name in evidenceKinds where founding.evidenceKinds.contains(name) {
      guard let kind = try? EvidenceKind(text: name) else { continue }
      allowed[kind] = Set((measurements[name] ?? []).compactMap { try? Measurement(bytes: $0) })
    }
    return allowed
  }

  private var developmentRoots: [DevelopmentRootKey] {
    founding.developmentRoots.compactMap { try? DevelopmentRootKey(bytes: $0) }
  }
}
