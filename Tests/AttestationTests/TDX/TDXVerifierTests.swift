@testable import Attestation
import Crypto
import Identifiers
import Testing
import Transcripts

/// What only quotes of a platform of the test's own can show: each property wrong alone.
@Suite struct TDXVerifierTests {
  @Test(arguments: [4, 5])
  func `honest quotes of both versions are accepted and read`(version: Int) throws {
    let intel = try TestIntel()
    let evidence = try intel.evidence { $0.version = version }
    let verifier = try intel.verifier()
    #expect(verifier.refusals(evidence, at: TestIntel.noon) == [])
    let findings = try verifier.findings(in: evidence, now: TestIntel.noon)
    #expect(findings.product == (version == 4 ? "TDX 1.0" : "TDX 1.5"))
    let registers = someMeasurement.bytes + [UInt8](repeating: 0, count: 4 * 48)
    #expect(findings.measurement.bytes == Array(SHA384.hash(data: registers)))
    #expect(findings.reportData == ReportData(.live, [[1]]))
    #expect(findings.firmwareStatus == .upToDate && findings.advisories == [])
    #expect(findings.platform?.bytes == [UInt8](repeating: 0xA1, count: 16))
    let short = try intel.evidence { quote in
      quote.bodyType = 2
      quote.report = Array(quote.report.prefix(584))
    }
    #expect(verifier.refusals(short, at: TestIntel.noon) == [])
  }

  static let wrongQuotes: [(AttestationCheck, @Sendable (inout TestIntel.Change) -> Void)] = [
    (.debug, { $0.report[120] = 1 }), (.debug, { $0.report[120] = 0x80 }), (.migration, { $0.report[123] |= 0x20 }),
    (.configuration, { $0.report[123] = 0 }), (.configuration, { $0.report[127] = 0x80 }),
    (.configuration, { $0.report[647] = 1 }), (.firmware, { $0.report[64] = 1 }), (.firmware, { $0.report[112] = 1 }),
    (.firmwareStatus, { $0.report[0] = 4 }), (.firmwareStatus, { $0.report[0] = 3 }),
    (.firmwareStatus, { $0.report[2] = 0 }), (.firmwareStatus, { $0.report[584] = 4 }),
    (.firmwareStatus, { $0.report[586] = 0 }),
    (.quotingEnclave, { $0.enclave[128] = 0 }),
    (.quotingEnclave, { $0.enclave[256] = 3 }), (.quotingEnclave, { $0.enclave[48] = 0x17 }),
    (.quotingEnclave, { $0.enclave[16] = 1 }), (.firmwareStatus, { $0.enclave[258] = 3 }),
    (.firmwareStatus, { $0.enclave[258] = 1 }), (.quotingEnclave, { $0.bound = [1] }),
    (.quotingEnclave, { $0.enclaveSigner = P256.Signing.PrivateKey() }),
    (.reportSignature, { $0.quoteSigner = P256.Signing.PrivateKey() }),
    (.firmware, { $0.platform = TestIntel.platform(enclaveID: [0, 1]) }),
    (.firmwareStatus, { $0.platform = TestIntel.platform(version: 0) }),
    (.firmwareStatus, { $0.platform = TestIntel.platform(enclaveVersion: 4) }),
    (.collateral, { $0.platform = TestIntel.platform(kind: [6, 5, 4, 3, 2, 1]) }),
  ]

  @Test(arguments: wrongQuotes.indices)
  func `T5 each wrong property of a quote is refused for itself`(place: Int) throws {
    let intel = try TestIntel()
    let (check, change) = Self.wrongQuotes[place]
    let refusals = try intel.verifier().refusals(intel.evidence(change), at: TestIntel.noon)
    #expect(Set(refusals) == [check])
  }

  @Test(arguments: wrongQuotes.indices)
  func `T5 N a verifier that is blind to that check accepts the quote`(place: Int) throws {
    let intel = try TestIntel()
    let (check, change) = Self.wrongQuotes[place]
    #expect(try intel.verifier().blind(to: check).refusals(intel.evidence(change), at: TestIntel.noon) == [])
  }

  static let malformed: [@Sendable (inout TestIntel.Change) -> Void] = [
    { $0.version = 3 }, { $0.version = 6 }, { $0.header[0] = 3 }, { $0.header[2] = 0 }, { $0.header[10] = 0 },
    { $0.bodyType = 1 }, { $0.bodyType = 2 }, { $0.bodyType = 4 }, { $0.report += [0] },
    { $0.report = Array($0.report.prefix(584)) }, { $0.tail = [0, 1] }, { $0.platform = [0x30, 0] },
    { $0.chain = { TestIntel.pem(Array($0.dropLast())) } }, { $0.chain = { TestIntel.pem($0 + [$0[2]]) } },
    { $0.chain = { TestIntel.pem($0) + [0, 0] } }, { $0.chain = { [0x20] + TestIntel.pem($0) } },
    { $0.chain = { _ in [] } },
    { $0.chain = { TestIntel.pem([$0[0], $0[1], [0x30, 0]]) } },
  ]

  @Test(arguments: malformed.indices)
  func `T5 what has not the form of a quote is refused`(place: Int) throws {
    let intel = try TestIntel()
    let refusals = try intel.verifier().refusals(intel.evidence(Self.malformed[place]), at: TestIntel.noon)
    #expect(refusals == [.form])
  }

  @Test func `zeros may follow a quote, and a zero byte its certificates`() throws {
    let intel = try TestIntel()
    let padded = try intel.evidence { $0.tail = [UInt8](repeating: 0, count: 3000) }
    #expect(try intel.verifier().refusals(padded, at: TestIntel.noon) == [])
    let bare = try intel.evidence { $0.chain = { TestIntel.pem($0) } }
    #expect(try intel.verifier().refusals(bare, at: TestIntel.noon) == [])
  }

  @Test func `T4 a chain out of order or under another root leads nowhere`() throws {
    let intel = try TestIntel()
    let other = try TestIntel()
    let shuffled = try intel.evidence { $0.chain = { TestIntel.pem([$0[0], $0[2], $0[1]]) } }
    #expect(try intel.verifier().refusals(shuffled, at: TestIntel.noon) == [.endorsement])
    let foreign = TDXVerifier(collateral: [try intel.collateral()], root: other.root)
    #expect(foreign.refusals(try intel.evidence(), at: TestIntel.noon) == [.endorsement, .collateral])
    let mixed = try intel.evidence { $0.chain = { TestIntel.pem([$0[0], other.authority, other.root]) } }
    let verifier = TDXVerifier(collateral: [try other.collateral()], root: other.root)
    #expect(verifier.refusals(mixed, at: TestIntel.noon) == [.endorsement])
  }

  @Test func `T4 N a verifier blind to roots accepts a foreign platform`() throws {
    let intel = try TestIntel()
    let other = try TestIntel()
    let mixed = try intel.evidence { $0.chain = { TestIntel.pem([$0[0], other.authority, other.root]) } }
    let verifier = TDXVerifier(collateral: [try other.collateral()], root: other.root)
    #expect(verifier.blind(to: .endorsement).refusals(mixed, at: TestIntel.noon) == [])
  }

  static let statuses: [(String, FirmwareStatus)] = [
    (TestIntel.statusOfPlatform, .softwareHardeningNeeded), (TestIntel.statusOfPlatform, .revoked),
    (TestIntel.statusOfModule, .outOfDate), (TestIntel.statusOfEnclave, .outOfDate),
    (TestIntel.statusOfEnclave, .revoked),
  ]

  @Test(arguments: statuses.indices)
  func `T5 each status below the best counts only where the policy accepts it`(place: Int) throws {
    let intel = try TestIntel()
    let (part, status) = Self.statuses[place]
    func verifier(_ accepted: Set<FirmwareStatus>) throws -> TDXVerifier {
      try intel.verifier {
        $0.statuses = accepted
      } statements: {
        $0.platforms = $0.platforms.replacing(part, with: "\"\(status.rawValue)\"")
        $0.enclaves = $0.enclaves.replacing(part, with: "\"\(status.rawValue)\"")
      }
    }
    let evidence = try intel.evidence()
    #expect(Set(try verifier([.upToDate]).refusals(evidence, at: TestIntel.noon)) == [.firmwareStatus])
    let accepted = Set(try verifier([.upToDate, status]).refusals(evidence, at: TestIntel.noon))
    #expect(accepted == (status == .revoked ? [.firmwareStatus] : []))
    #expect(try verifier([]).findings(in: evidence, now: TestIntel.noon).firmwareStatus == status)
  }

  @Test func `T5 advisories count only where the policy accepts each`() throws {
    let intel = try TestIntel()
    let old = try intel.evidence { $0.platform = TestIntel.platform(version: 1) }
    let tolerant = try intel.verifier { $0.statuses = [.upToDate, .outOfDate] }
    #expect(tolerant.refusals(old, at: TestIntel.noon) == [.advisory])
    #expect(try tolerant.findings(in: old, now: TestIntel.noon).advisories == ["INTEL-SA-00001"])
    let informed = try intel.verifier { requirements in
      requirements.statuses = [.upToDate, .outOfDate]
      requirements.advisories = ["INTEL-SA-00001"]
    }
    #expect(informed.refusals(old, at: TestIntel.noon) == [])
  }

  @Test func `T5 what a network asks for in addition is refused unless it is there`() throws {
    let intel = try TestIntel()
    let wanted = [UInt8](repeating: 3, count: 48)
    let evidence = try intel.evidence()
    #expect(
      try intel.verifier { $0.configurationID = wanted }.refusals(evidence, at: TestIntel.noon) == [.configuration])
    #expect(
      try intel.verifier { $0.serviceDomains = wanted }.refusals(evidence, at: TestIntel.noon) == [.configuration])
    #expect(try intel.verifier { $0.minimumEvaluation = 18 }.refusals(evidence, at: TestIntel.noon) == [.collateral])
    #expect(try intel.verifier { $0.minimumEvaluation = 17 }.refusals(evidence, at: TestIntel.noon) == [])
    let fulfilled = try intel.evidence { quote in
      quote.report.replaceSubrange(184..<232, with: wanted)
      quote.report.replaceSubrange(600..<648, with: wanted)
      quote.report[127] = 0x80
    }
    let verifier = try intel.verifier { requirements in
      requirements.configurationID = wanted
      requirements.serviceDomains = wanted
      requirements.attributes = 1 << 63
    }
    #expect(verifier.refusals(fulfilled, at: TestIntel.noon) == [])
  }
}
