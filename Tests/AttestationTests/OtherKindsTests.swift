@testable import Attestation
import Identifiers
import Testing
import Transcripts

@Suite struct OtherKindsTests {
  /// One of each kind, accepted by its own verifier.
  private static func all() async throws -> [(evidence: Evidence, verifier: any EvidenceVerifier)] {
    let amd = try TestAMD()
    let intel = try TestIntel()
    let nitro = try TestNitro()
    let software = try Fixtures()
    return [
      (try amd.evidence(), amd.verifier()), (try intel.evidence(), try intel.verifier()),
      (try nitro.evidence(), nitro.verifier()),
      (
        try await software.attester.evidence(over: ReportData(.live, [[1]])),
        SoftwareEvidenceVerifier(roots: [software.root.publicKey])
      ),
    ]
  }

  @Test func `T5 evidence of one kind offered as another is refused by every verifier`() async throws {
    let all = try await Self.all()
    for (evidence, verifier) in all {
      #expect(verifier.refusals(evidence, at: noon) == [])
      for other in all where other.evidence.kind != evidence.kind {
        let renamed = try Evidence(kind: other.evidence.kind, data: evidence.data)
        #expect(other.verifier.refusals(renamed, at: noon) == [.form], "\(evidence.kind) as \(renamed.kind)")
      }
    }
  }

  @Test func `T5 a verifier that is handed evidence under the name of another kind refuses it`() async throws {
    for (evidence, verifier) in try await Self.all() where evidence.kind != .software {
      let renamed = try Evidence(kind: EvidenceKind(text: "other"), data: evidence.data)
      #expect(throws: AttestationRefusal.self) { try verifier.findings(in: renamed, now: noon) }
    }
  }

  @Test func `one policy takes several kinds, and each only under its own list`() async throws {
    let all = try await Self.all()
    let verifiers = all.map(\.verifier)
    let measurements = try all.map { try $0.verifier.findings(in: $0.evidence, now: noon).measurement }
    let allowed = Dictionary(uniqueKeysWithValues: zip(all.map(\.evidence.kind), measurements.map { Set([$0]) }))
    let policy = AttestationPolicy(allowed: allowed, verifiers: verifiers)
    let expected = ReportData(.live, [[1]])
    for (evidence, _) in all {
      let verified = try policy.verify(evidence, expecting: expected, now: noon)
      #expect(verified.kind == evidence.kind && verified.isDevelopment == (evidence.kind == .software))
      #expect(policy.verdict(on: evidence, now: noon).isAccepted)
      var narrower = allowed
      narrower[evidence.kind] = []
      let refused = AttestationPolicy(allowed: narrower, verifiers: verifiers)
      #expect(failedChecks { try refused.verify(evidence, expecting: expected, now: noon) } == [.measurement])
      narrower[evidence.kind] = nil
      let unknown = AttestationPolicy(allowed: narrower, verifiers: verifiers)
      #expect(failedChecks { try unknown.verify(evidence, expecting: expected, now: noon) } == [.kind])
      #expect(!unknown.verdict(on: evidence, now: noon).isAccepted)
    }
  }

  @Test(arguments: [
    "", ":", "sev-snp:", "sev-snp", "sev-snp:0", "sev-snp:zz", "UP:00", "sev-snp:" + String(repeating: "00", count: 65),
  ])
  func `a text that is no machine's name is refused`(text: String) {
    #expect(throws: EvidenceError.self) { try PlatformID(text: text) }
  }
}
