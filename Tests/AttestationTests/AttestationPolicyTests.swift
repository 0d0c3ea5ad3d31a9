@testable import Attestation
import Crypto
import Identifiers
import Testing
import Transcripts

@Suite struct AttestationPolicyTests {
  let expected = ReportData(.live, [[1]])

  @Test func `honest software evidence is accepted where the policy wants it and says what it is`() async throws {
    let network = try Fixtures()
    let evidence = try await network.attester.evidence(over: expected)
    #expect(evidence.data.count < Evidence.maximumSize)
    let verified = try network.policy.verify(evidence, expecting: expected, now: noon)
    #expect(verified.kind == .software)
    #expect(verified.isDevelopment)
    #expect(verified.product.hasPrefix("DEV-"))
    #expect(verified.measurement == someMeasurement)
    #expect(verified.reportData == expected)
    #expect(network.policy.acceptsDevelopment)
  }

  @Test func `T5 evidence with everything wrong is refused with everything named`() async throws {
    let network = try Fixtures()
    let evidence = try await network.evidence(over: ReportData(.live, [[2]])) { report in
      report.version = 4
      report.guestPolicy |= 1 << 19 | 1 << 18
      report.chipID[0] ^= 1
      report.reportedTCB.snp = 0
      report.measurement[0] ^= 1
    }
    let otherRoot = AttestationPolicy(
      allowed: [.software: [someMeasurement]],
      verifiers: [SoftwareEvidenceVerifier(roots: [DevelopmentRoot().publicKey])])
    let late = noon.adding(seconds: 400 * 86_400)
    let failed = failedChecks { try otherRoot.verify(evidence, expecting: expected, now: late) }
    #expect(
      failed == [
        .form, .endorsement, .endorsementValidity, .chip, .firmware, .debug, .migration, .measurement, .reportData,
      ])
  }

  @Test func `T5 each wrong property alone is refused for itself`() async throws {
    let network = try Fixtures()
    let cases: [(AttestationCheck, (inout SNPReport) -> Void)] = [
      (.form, { $0.version = 3 }), (.form, { $0.signatureAlgorithm = 2 }), (.form, { $0.keyInfo = 4 }),
      (.form, { $0.privilegeLevel = 1 }), (.form, { $0.guestPolicy = 0 }), (.chip, { $0.chipID[63] ^= 1 }),
      (.firmware, { $0.reportedTCB.bootLoader = 0 }), (.debug, { $0.guestPolicy |= 1 << 19 }),
      (.migration, { $0.guestPolicy |= 1 << 18 }), (.migration, { $0.migrationAgent[0] = 0 }),
      (.measurement, { $0.measurement[47] ^= 1 }), (.reportData, { $0.reportData[0] ^= 1 }),
    ]
    for (check, change) in cases {
      let evidence = try await network.evidence(over: expected, changing: change)
      #expect(failedChecks { try network.policy.verify(evidence, expecting: expected, now: noon) } == [check])
    }
  }

  @Test func `T5 a report whose bytes were changed after signing is refused`() async throws {
    let network = try Fixtures()
    var data = try await network.attester.evidence(over: expected).data
    data[0x090] ^= 1
    let policy = network.policy(allowing: [try Measurement(bytes: data[0x090..<0x0C0])])
    let evidence = try Evidence(kind: .software, data: data)
    #expect(failedChecks { try policy.verify(evidence, expecting: expected, now: noon) } == [.reportSignature])
  }

  @Test func `T4 evidence endorsed by another network's root is refused`() async throws {
    let network = try Fixtures()
    let other = try Fixtures()
    let evidence = try await other.attester.evidence(over: expected)
    #expect(failedChecks { try network.policy.verify(evidence, expecting: expected, now: noon) } == [.endorsement])
  }

  @Test func `T4 a policy for hardware never looks at software evidence, whatever verifiers it was given`() async throws
  {
    let network = try Fixtures()
    let hardware = try EvidenceKind(text: "sev-snp")
    let policy = AttestationPolicy(
      allowed: [hardware: [someMeasurement]],
      verifiers: [SoftwareEvidenceVerifier(roots: [network.root.publicKey])])
    let evidence = try await network.attester.evidence(over: expected)
    #expect(!policy.acceptsDevelopment)
    #expect(failedChecks { try policy.verify(evidence, expecting: expected, now: noon) } == [.kind])
  }

  @Test func `T4 software evidence under the name of hardware is refused`() async throws {
    let network = try Fixtures()
    let hardware = try EvidenceKind(text: "sev-snp")
    let policy = AttestationPolicy(
      allowed: [hardware: [someMeasurement]],
      verifiers: [Renamed(kind: hardware, inner: SoftwareEvidenceVerifier(roots: [network.root.publicKey]))])
    let evidence = try Evidence(kind: hardware, data: try await network.attester.evidence(over: expected).data)
    #expect(failedChecks { try policy.verify(evidence, expecting: expected, now: noon) } == [.development])
  }

  @Test func `a new kind of evidence needs a verifier and nothing else`() throws {
    let kind = try EvidenceKind(text: "paper-seal")
    let policy = AttestationPolicy(allowed: [kind: [someMeasurement]], verifiers: [PaperSeal(kind: kind)])
    let evidence = try Evidence(kind: kind, data: expected.bytes)
    #expect(try policy.verify(evidence, expecting: expected, now: noon).product == "Paper")
    let without = AttestationPolicy(allowed: [kind: [someMeasurement]], verifiers: [])
    #expect(failedChecks { try without.verify(evidence, expecting: expected, now: noon) } == [.kind])
  }

  @Test func `T5 bytes that are no evidence are refused without a trap`() async throws {
    let network = try Fixtures()
    let honest = try await network.attester.evidence(over: expected).data
    for length in [0, 1, 1183, 1184, 1185, honest.count - 1] {
      let evidence = try Evidence(kind: .software, data: Array(honest.prefix(length)))
      #expect(failedChecks { try network.policy.verify(evidence, expecting: expected, now: noon) } == [.form])
    }
    let extended = try Evidence(kind: .software, data: honest + [0])
    #expect(failedChecks { try network.policy.verify(extended, expecting: expected, now: noon) } == [.form])
    for offset in stride(from: SNPReport.byteCount, to: honest.count, by: 11) {
      var changed = honest
      changed[offset] ^= 0x55
      let evidence = try Evidence(kind: .software, data: changed)
      #expect(!failedChecks { try network.policy.verify(evidence, expecting: expected, now: noon) }.isEmpty)
    }
  }

  @Test func `evidence above the size limit does not exist`() {
    #expect(throws: EvidenceError.tooLarge) {
      try Evidence(kind: .software, data: [UInt8](repeating: 0, count: Evidence.maximumSize + 1))
    }
  }

  @Test func `an endorsement counts from five minutes before it was made until a year later`() async throws {
    let network = try Fixtures()
    let evidence = try await network.attester.evidence(over: expected)
    for (offset, isValid) in [(-301, false), (-300, true), (365 * 86_400, true), (365 * 86_400 + 1, false)]
      as [(Int64, Bool)]
    {
      let failed = failedChecks {
        try network.policy.verify(evidence, expecting: expected, now: noon.adding(seconds: offset))
      }
      #expect(failed == (isValid ? [] : [.endorsementValidity]))
    }
  }
}

private struct Renamed: EvidenceVerifier {
  let kind: EvidenceKind
  let inner: SoftwareEvidenceVerifier

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    try inner.findings(in: evidence, now: now)
  }
}

private struct PaperSeal: EvidenceVerifier {
  let kind: EvidenceKind

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard let reportData = try? ReportData(bytes: evidence.data) else {
      throw AttestationRefusal(FailedCheck(.form, "no seal"))
    }
    return EvidenceFindings(
      product: "Paper", isDevelopment: false, measurement: someMeasurement, reportData: reportData, isDebug: false,
      allowsMigration: false, faults: [])
  }
}
