@testable import Attestation
import Identifiers
import Testing
import Transcripts

/// What only reports signed by a chip of the test's own can show: each property wrong alone.
@Suite struct SNPVerifierTests {
  @Test(arguments: SNPProduct.allCases, [2, 3, 4, 5] as [UInt32])
  func `honest evidence of every product and version is accepted`(product: SNPProduct, version: UInt32) throws {
    let amd = try TestAMD(product)
    let evidence = try amd.evidence(version: version)
    #expect(amd.verifier().refusals(evidence, at: TestAMD.noon) == [])
    let findings = try amd.verifier().findings(in: evidence, now: TestAMD.noon)
    #expect(findings.measurement == someMeasurement)
    #expect(findings.reportData == ReportData(.live, [[1]]))
    #expect(findings.platform?.bytes.starts(with: [0xC1, 0xC1]) == true)
    #expect(!findings.isDebug && !findings.allowsMigration && !findings.isDevelopment)
  }

  static let wrong: [(AttestationCheck, @Sendable (inout SNPReport) -> Void)] = [
    (.form, { $0.version = 6 }), (.form, { $0.version = 1 }), (.form, { $0.signatureAlgorithm = 2 }),
    (.form, { $0.keyInfo |= 2 }), (.form, { $0.keyInfo |= 1 << 5 }), (.form, { $0.guestPolicy &= ~(1 << 17) }),
    (.form, { $0.guestPolicy |= 1 << 26 }), (.form, { $0.write([1], 0x04C) }), (.form, { $0.write([1], 0x18B) }),
    (.form, { $0.write([1], 0x208) }), (.form, { $0.write([1], 0x03A) }), (.form, { $0.authorKeyDigest[0] = 1 }),
    (.endorsement, { $0.keyInfo = 1 << 2 }), (.endorsement, { $0.keyInfo = 7 << 2 }),
    (.chip, { $0.processor = (0x19, 0x01, 1) }), (.chip, { $0.processor = (0, 0, 0) }),
    (.chip, { $0.chipID[63] ^= 1 }),
    (
      .firmware,
      {
        $0.reportedTCB.snp += 1; $0.currentTCB.snp += 1
      }
    ),
    (.minimumFirmware, { $0.committedTCB.snp -= 1 }), (.minimumFirmware, { $0.launchTCB.microcode -= 1 }),
    (.minimumFirmware, { $0.currentTCB.bootLoader -= 1 }), (.privilegeLevel, { $0.privilegeLevel = 1 }),
    (.privilegeLevel, { $0.privilegeLevel = .max }), (.debug, { $0.guestPolicy |= 1 << 19 }),
    (.migration, { $0.guestPolicy |= 1 << 18 }), (.migration, { $0.migrationAgent[31] = 0 }),
  ]

  @Test(arguments: wrong.indices)
  func `T5 each wrong property of a well signed report is refused for itself`(place: Int) throws {
    let amd = try TestAMD()
    let (check, change) = Self.wrong[place]
    let evidence = try amd.evidence(report: change)
    #expect(Set(amd.verifier().refusals(evidence, at: TestAMD.noon)) == [check])
  }

  @Test(arguments: wrong.indices)
  func `T5 N a verifier that is blind to that check accepts it`(place: Int) throws {
    let amd = try TestAMD()
    let (check, change) = Self.wrong[place]
    let evidence = try amd.evidence(report: change)
    #expect(amd.verifier().blind(to: check).refusals(evidence, at: TestAMD.noon) == [])
  }

  static let additional:
    [(AttestationCheck, @Sendable (inout SNPRequirements) -> Void, @Sendable (inout SNPReport) -> Void)] = [
      (.protections, { $0.protections = 1 << 5 }, { $0.platformFlags = 0x25 }),
      (
        .protections, { $0.mitigations = 1 << 2 },
        {
          $0.launchMitigations = 7; $0.currentMitigations = 7
        }
      ),
      (.configuration, { $0.minimumGuestVersion = 2 }, { $0.guestVersion = 2 }),
      (.configuration, { $0.hostData = Array(0..<32) }, { $0.hostData = Array(0..<32) }),
      (
        .configuration, { $0.idKeys = [[UInt8](repeating: 9, count: 48)] },
        { $0.idKeyDigest = [UInt8](repeating: 9, count: 48) }
      ),
      (
        .configuration, { $0.authorKeys = [[UInt8](repeating: 9, count: 48)] },
        {
          $0.keyInfo |= 1; $0.authorKeyDigest = [UInt8](repeating: 9, count: 48)
        }
      ),
    ]

  @Test(arguments: additional.indices)
  func `T5 what a network asks for in addition is refused unless it is there`(place: Int) throws {
    let amd = try TestAMD()
    let (check, requirement, fulfilment) = Self.additional[place]
    #expect(amd.verifier(requirement).refusals(try amd.evidence(), at: TestAMD.noon) == [check])
    #expect(amd.verifier(requirement).refusals(try amd.evidence(report: fulfilment), at: TestAMD.noon) == [])
  }

  @Test func `T5 mitigations are asked of reports that have them`() throws {
    let amd = try TestAMD()
    let verifier = amd.verifier { $0.mitigations = 1 }
    #expect(verifier.refusals(try amd.evidence(), at: TestAMD.noon) == [])
    #expect(verifier.refusals(try amd.evidence(version: 4), at: TestAMD.noon) == [.protections])
  }

  @Test func `T5 a product without a floor is not accepted`() throws {
    let amd = try TestAMD()
    let verifier = amd.verifier { $0.minimumFirmware = [.milan: TestAMD.firmware] }
    #expect(verifier.refusals(try amd.evidence(), at: TestAMD.noon) == [.product])
  }

  @Test func `T5 a chip's key and a provider's are told apart`() throws {
    let amd = try TestAMD()
    let provider = "CN=provider.example"
    let hosted = try amd.evidence(provider: provider)
    #expect(amd.verifier().refusals(hosted, at: TestAMD.noon) == [.signer])
    let trusting = amd.verifier { $0.signers = [.provider(provider)] }
    #expect(trusting.refusals(hosted, at: TestAMD.noon) == [])
    #expect(try trusting.findings(in: hosted, now: TestAMD.noon).platform == nil)
    #expect(trusting.refusals(try amd.evidence(), at: TestAMD.noon) == [.signer])
    let other = amd.verifier { $0.signers = [.provider("CN=other.example")] }
    #expect(other.refusals(hosted, at: TestAMD.noon) == [.signer])
    // Signed by the authority for the other kind of key.
    let both = amd.verifier { $0.signers = [.chip, .provider(provider)] }
    #expect(
      both.refusals(try amd.evidence(provider: provider, certificate: { $0.issuer = "ASK" }), at: TestAMD.noon)
        == [.endorsement])
    #expect(both.refusals(try amd.evidence(certificate: { $0.issuer = "ASVK" }), at: TestAMD.noon) == [.endorsement])
    let mixed = try Evidence(kind: .sevSNP, data: amd.report(provider: true).bytes + amd.endorsement())
    #expect(both.refusals(mixed, at: TestAMD.noon) == [.endorsement, .chip])
  }

  @Test func `T5 a firmware version that is not the certificate's is refused on Turin too`() throws {
    let amd = try TestAMD(.turin)
    let evidence = try amd.evidence(report: { $0.write([4, 4, 1, 20, 0, 0, 0, 200], 0x180) })
    #expect(Set(amd.verifier().refusals(evidence, at: TestAMD.noon)) == [.firmware, .minimumFirmware])
    let hidden = try amd.evidence(report: { $0.chipID[8] = 1 })
    #expect(amd.verifier().refusals(hidden, at: TestAMD.noon) == [.chip])
  }

  @Test func `a machine that is not on the list is refused, and so is one without a name`() throws {
    let amd = try TestAMD()
    let evidence = try amd.evidence()
    let machine = try #require(try amd.verifier().findings(in: evidence, now: TestAMD.noon).platform)
    #expect(try PlatformID(text: machine.description) == machine)
    func refusals(_ platforms: Set<PlatformID>?, _ evidence: Evidence, _ verifier: SNPVerifier) -> [AttestationCheck] {
      AttestationPolicy(allowed: [.sevSNP: [someMeasurement]], platforms: platforms, verifiers: [verifier])
        .verdict(on: evidence, now: TestAMD.noon).failed.map(\.check)
    }
    #expect(refusals(nil, evidence, amd.verifier()) == [])
    #expect(refusals([machine], evidence, amd.verifier()) == [])
    #expect(refusals([], evidence, amd.verifier()) == [.platform])
    let hosted = amd.verifier { $0.signers = [.provider("CN=p")] }
    #expect(refusals([machine], try amd.evidence(provider: "CN=p"), hosted) == [.platform])
  }

  @Test func `everything that is wrong is named at once`() throws {
    let amd = try TestAMD()
    let evidence = try amd.evidence(report: { report in
      report.guestPolicy |= 1 << 19 | 1 << 18
      report.privilegeLevel = 3
      report.chipID[0] ^= 1
      report.committedTCB.snp = 0
    })
    let late = Timestamp(secondsSince1970: 2_200_000_000)
    #expect(
      Set(amd.verifier().refusals(evidence, at: late)) == [
        .endorsementValidity, .chip, .minimumFirmware, .privilegeLevel, .debug, .migration,
      ])
  }
}
