@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Testing
import Transcripts

@Suite struct EvidenceReadingTests {
  private let amd: TestAMD
  private let intel: TestIntel
  private let nitro: TestNitro
  private let roots: EvidenceRoots

  init() throws {
    amd = try TestAMD()
    intel = try TestIntel()
    nitro = try TestNitro()
    roots = EvidenceRoots(amd: [amd.authority], intel: intel.root, nitro: nitro.root)
  }

  private func read(
    _ file: [UInt8], _ collateral: [UInt8]? = nil, policy: String? = nil, at now: Timestamp = noon
  ) throws -> EvidenceReading {
    let policy = try policy.map { try EvidencePolicyFile(json: Array($0.utf8)) }
    return try EvidenceReading(
      file: file, collateral: collateral, policy: policy, knowledge: VendorKnowledge(roots: roots), at: now)
  }

  private func checks(_ reading: EvidenceReading) -> [AttestationCheck] { reading.failed.map(\.check) }

  @Test func `each kind is told apart by its look and found genuine without a policy`() throws {
    let report = try amd.report().bytes
    let endorsement = try amd.endorsement()
    let document = try nitro.evidence().data
    let cases: [(file: [UInt8], collateral: [UInt8]?, kind: EvidenceKind)] = [
      (report + endorsement, nil, .sevSNP), (report, endorsement, .sevSNP),
      (report, TestIntel.pem([endorsement]), .sevSNP),
      (try amd.evidence(provider: "CN=cc-test.example").data, nil, .sevSNP),
      (try amd.evidence(report: { $0.privilegeLevel = 2 }).data, nil, .sevSNP),
      (try intel.quote(), try intel.collateralJSON(), .tdx), (document, nil, .nitro), ([0xD2] + document, nil, .nitro),
      (document + [0xFF, 1, 2], nil, .nitro),
    ]
    for (file, collateral, kind) in cases {
      let reading = try read(file, collateral)
      #expect(reading.kind == kind && reading.isAccepted && !reading.hasPolicy, "\(reading.failed)")
      #expect(reading.lines.last?.hasPrefix("genuine at 2027-01-15T08:00:00Z") == true)
    }
    #expect(try read(document + [0xFF, 1, 2]).facts.contains(EvidenceFact("bytesBehind", "3")))
  }

  @Test func `what is of no kind, or collateral of none, is said to be so`() throws {
    let report = try amd.report().bytes
    for file in [[], [0x30, 0x03, 1, 1, 1], [0x84], Array(report.dropLast()), [UInt8](repeating: 0, count: 2000)] {
      #expect(throws: EvidenceReadingError.unknownKind) { try read(file) }
    }
    #expect(throws: EvidenceReadingError.collateral("malformed")) { try read(report, [1, 2, 3]) }
    #expect(throws: EvidenceReadingError.collateral("malformed")) { try read(report, Array("{}".utf8)) }
    let foreign = try TestIntel().collateralJSON()
    #expect(throws: EvidenceReadingError.collateral("not-signed")) { try read(report, foreign) }
  }

  @Test func `T5 evidence that is not genuine is refused with every reason`() throws {
    let evidence = try amd.evidence().data
    #expect(try checks(read(amd.report().bytes)) == [.form])
    #expect(try checks(read(evidence + [UInt8](repeating: 0, count: Evidence.maximumSize))) == [.form])
    #expect(
      try checks(read(evidence, at: noon.adding(seconds: 1 << 30))) == Array(repeating: .endorsementValidity, count: 3))
    var forged = evidence
    forged[0x90] ^= 1
    #expect(try checks(read(forged)) == [.reportSignature])
    #expect(try checks(read(amd.evidence(report: { $0.guestPolicy |= 1 << 19 }).data)) == [.debug])
    let both = try amd.evidence(report: { $0.guestPolicy |= 3 << 18 }).data
    #expect(try Set(checks(read(both))) == [.debug, .migration])
    #expect(try checks(read(intel.quote())) == [.collateral])
    #expect(try checks(read(intel.quote(), intel.collateralJSON { $0.revokedByAuthority = [9] })) == [.revocation])
    let revoked = try TestAMD.revocationList(of: [7])
    #expect(
      try Set(checks(read(evidence, revoked, at: AttestationVectors.time("2027-01-20T00:00:00Z")))) == [.revocation])
    let another = EvidenceRoots(amd: [try TestAMD().authority], intel: [], nitro: [])
    let reading = try EvidenceReading(
      file: nitro.evidence().data, collateral: nil, knowledge: VendorKnowledge(roots: another), at: noon)
    #expect(checks(reading) == [.endorsement])
    #expect(
      reading.lines.contains { $0.hasPrefix("failed: endorsement: ") }
        && reading.lines.last?.hasPrefix("refused") == true)
  }

  @Test func `T5 N a reader without roots of its own would take the roots in the file for granted`() throws {
    let other = try TestNitro()
    let trusting = EvidenceRoots(amd: [], intel: [], nitro: other.root)
    let file = try other.evidence().data
    #expect(
      try EvidenceReading(file: file, collateral: nil, knowledge: VendorKnowledge(roots: trusting), at: noon).isAccepted
    )
    #expect(try !read(file).isAccepted)
  }

  @Test func `a policy judges code, machine and firmware as well`() throws {
    let own = someMeasurement.text
    let other = Fixtures.measurement(8).text
    let firmware = #""Genoa":{"bootLoader":4,"tee":1,"snp":20,"microcode":200}"#
    let platform = try #require(try amd.verifier().findings(in: amd.evidence(), now: noon).platform).description
    func policy(_ measurement: String, _ firmware: String, _ rest: String = "") -> String {
      #"{"measurements":{"sev-snp":["\#(measurement)"]},"snp":{"minimumFirmware":{\#(firmware)}}\#(rest)}"#
    }
    let file = try amd.evidence().data
    let accepted = try read(file, policy: policy(own, firmware, #","platforms":["\#(platform)"]"#))
    #expect(
      accepted.isAccepted && accepted.hasPolicy && accepted.lines.last?.hasPrefix("accepted by this policy") == true)
    #expect(try checks(read(file, policy: policy(other, firmware))) == [.measurement])
    #expect(
      try Set(checks(read(file, policy: policy(own, firmware.replacing("200", with: "201"))))) == [.minimumFirmware])
    #expect(try checks(read(file, policy: policy(own, ""))) == [.product])
    #expect(try checks(read(file, policy: policy(own, firmware, #","platforms":["sev-snp:00"]"#))) == [.platform])
    #expect(try checks(read(file, policy: #"{"measurements":{"tdx":["\#(own)"]}}"#)) == [.kind])
  }

  @Test func `every check has a line, and every reason for a refusal is shown`() throws {
    let other = Fixtures.measurement(8).text
    let policy = #"{"measurements":{"sev-snp":["\#(other)"]},"platforms":["sev-snp:00"]}"#
    let reading = try read(amd.evidence(report: { $0.guestPolicy = 0xB0000 }).data, policy: policy)
    let failed: Set<AttestationCheck> = [.product, .platform, .debug, .measurement]
    #expect(Set(reading.checks.filter { $0.state == .failed }.map(\.check)) == failed)
    #expect(reading.checks.allSatisfy { $0.state != .notReached } && reading.checks.count == 19)
    #expect(reading.checkLines.contains { $0.hasPrefix("report-signature") && $0.hasSuffix("passed") })
    #expect(reading.checkLines.contains { $0.hasPrefix("measurement") && $0.contains("failed: ") })
    let unread = try read(intel.quote(), policy: policy)
    #expect(unread.checks.first == .init(check: .kind, state: .failed, details: ["tdx is not accepted here"]))
    #expect(unread.checks.dropFirst().allSatisfy { $0.state == .notReached })
    #expect(try read(intel.quote()).checks.allSatisfy { $0.check != .measurement && $0.check != .reportData })
  }

  @Test func `software evidence counts only under a policy with its root`() async throws {
    let fixtures = try Fixtures()
    let file = try await fixtures.attester.evidence(over: someRequest).data
    let bare = try read(file)
    #expect(bare.kind == .software && checks(bare) == [.endorsement])
    let policy = """
      {"measurements":{"software":["\(someMeasurement.text)"]},"developmentRoots":["\(fixtures.root.publicKey.text)"]}
      """
    #expect(try read(file, policy: policy).isAccepted)
  }

  @Test func `a node's certificate is read with the evidence in it, which has to be about it`() async throws {
    let fixtures = try Fixtures()
    let key = P256.Signing.PrivateKey()
    let certificate = try await NodeCertificate.issue(Fixtures.binding(), tlsKey: key, provider: fixtures.attester)
    let policy = """
      {"measurements":{"software":["\(someMeasurement.text)"]},"developmentRoots":["\(fixtures.root.publicKey.text)"]}
      """
    let reading = try read(certificate.der, policy: policy)
    #expect(reading.isAccepted && reading.facts.contains { $0.name == "node" })
    #expect(try checks(read(certificate.der, policy: policy, at: noon.adding(seconds: 90_000))) == [.age])
    struct Stale: EvidenceProvider {
      let base: SoftwareAttester
      var kind: EvidenceKind { base.kind }
      func evidence(over reportData: ReportData) async throws -> Evidence { try await base.evidence(over: someRequest) }
    }
    let swapped = try await NodeCertificate.issue(
      Fixtures.binding(), tlsKey: key, provider: Stale(base: fixtures.attester))
    #expect(try checks(read(swapped.der, policy: policy)) == [.reportData])
  }

  @Test func `what evidence says of itself cannot move a terminal's cursor`() throws {
    let file = try nitro.evidence { $0[.text("module_id")] = .text("i-0\u{1B}[2J\u{202E}\n-enc1") }.data
    let reading = try read(file)
    #expect(reading.lines.allSatisfy { $0.unicodeScalars.allSatisfy { (32...126).contains($0.value) } })
    #expect(reading.lines.contains { $0.hasSuffix("i-0?[2J??-enc1") })
  }

  @Test func `JSON has the verdict, the facts by name and the failed checks`() throws {
    let reading = try read(intel.quote())
    let text = String(decoding: reading.json.serialized, as: UTF8.self)
    let start =
      #"{"kind":"tdx","accepted":false,"policy":false,"at":"2027-01-15T08:00:00Z","facts":{"product":"TDX 1.5""#
    #expect(text.hasPrefix(start))
    #expect(text.contains(#""debug":"no""#) && text.contains(#""runtimeMeasurements":["0000"#))
    #expect(
      text.hasSuffix(
        #""failed":[{"check":"collateral","detail":"nothing is known of this kind of platform"}]}"#))
    #expect(Set(reading.facts.map(\.name)).count == reading.facts.count)
  }

  @Test(.enabled(if: Vectors.arePresent)) func `reports, quotes and documents of real machines are read`() throws {
    let inside = SNPRealReportTests.inside
    for entry in try AttestationVectors.entries("snp") {
      let report = try AttestationVectors.bytes(#require(entry.report).file)
      let vek = try AttestationVectors.bytes(#require(entry.vek).file)
      for reading in [
        try EvidenceReading(file: report + vek, at: inside),
        try EvidenceReading(file: report, collateral: vek, at: inside),
      ] {
        #expect(reading.kind == .sevSNP && checks(reading) == (entry.debug == true ? [.debug] : []), "\(entry.name)")
      }
    }
    for entry in try AttestationVectors.entries("nitro") {
      let bytes = try AttestationVectors.bytes(#require(entry.doc).file)
      let document = try #require(NitroDocument(bytes: NitroFile(bytes: bytes).document))
      let reading = try EvidenceReading(file: bytes, at: document.time)
      #expect(reading.kind == .nitro && checks(reading) == (document.isDebug ? [.debug] : []))
    }
    let collateral = try AttestationVectors.bytes("tdx_quote_collateral.json")
    for entry in try AttestationVectors.entries("tdx") {
      let quote = try AttestationVectors.bytes(#require(entry.quote).file)
      let reading = try EvidenceReading(
        file: quote, collateral: collateral, at: AttestationVectors.time("2025-06-20T00:00:00Z"))
      print(([entry.name] + reading.lines.suffix(3)).joined(separator: "\n  "))
      #expect(reading.kind == .tdx)
      if entry.name.contains("uptodate") { #expect(reading.isAccepted) }
    }
  }
}
