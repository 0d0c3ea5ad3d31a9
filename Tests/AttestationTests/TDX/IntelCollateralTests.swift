@testable import Attestation
import Crypto
import Identifiers
import Testing

@Suite struct IntelCollateralTests {
  @Test func `T5 collateral counts from its youngest statement until the first one is to be replaced`() throws {
    let intel = try TestIntel()
    let evidence = try intel.evidence()
    let verifier = try intel.verifier()
    let (start, end) = (time("2027-01-15T00:00:00Z"), time("2027-02-14T12:00:00Z"))
    #expect(try intel.collateral().validity == start...end)
    let blind = verifier.blind(to: .endorsementValidity)
    // Certificates of its signers live from a day before noon until ten days after.
    #expect(blind.refusals(evidence, at: start.adding(seconds: -1)) == [.collateral])
    #expect(blind.refusals(evidence, at: start) == [])
    #expect(blind.refusals(evidence, at: time("2027-01-25T08:00:00Z")) == [])
    #expect(Set(blind.refusals(evidence, at: end.adding(seconds: 1))) == [.collateral])
    #expect(verifier.refusals(evidence, at: TestIntel.noon) == [])
    let impatient = try intel.verifier { $0.maximumCollateralAge = 86_400 }
    #expect(impatient.refusals(evidence, at: time("2027-01-15T12:00:00Z")) == [])
    #expect(impatient.refusals(evidence, at: time("2027-01-15T12:00:01Z")) == [.collateral])
    let expired = try intel.verifier(statements: { $0.end = "20270115120000Z" })
    #expect(expired.refusals(evidence, at: time("2027-01-15T12:00:00Z")) == [])
    #expect(expired.refusals(evidence, at: time("2027-01-15T12:00:01Z")) == [.collateral])
  }

  @Test func `of several statements about a kind of platform the last that is current counts`() throws {
    let intel = try TestIntel()
    let current = try intel.collateral()
    let earlier = try intel.collateral { $0.end = "20270115010000Z" }
    let worse = try intel.collateral {
      $0.enclaves = $0.enclaves.replacing(TestIntel.statusOfEnclave, with: "\"Revoked\"")
    }
    let evidence = try intel.evidence()
    func refusals(_ collateral: [IntelCollateral]) -> [AttestationCheck] {
      TDXVerifier(collateral: collateral, root: intel.root).refusals(evidence, at: noon)
    }
    #expect(refusals([current, earlier]) == [])
    #expect(refusals([earlier]) == [.collateral])
    #expect(refusals([current, worse]) == [.firmwareStatus])
    #expect(refusals([worse, current]) == [])
    #expect(refusals([]) == [.collateral])
  }

  @Test func `T5 N a verifier blind to collateral accepts a quote at any time`() throws {
    let intel = try TestIntel()
    let impatient = try intel.verifier { $0.maximumCollateralAge = 86_400 }
    let late = time("2027-01-16T00:00:00Z")
    #expect(impatient.blind(to: .collateral).refusals(try intel.evidence(), at: late) == [])
  }

  @Test func `T5 revoked platforms, authorities and signers of statements are refused`() throws {
    let intel = try TestIntel()
    let evidence = try intel.evidence()
    #expect(
      try intel.verifier(statements: { $0.revokedByAuthority = [9] }).refusals(evidence, at: noon) == [.revocation])
    #expect(try intel.verifier(statements: { $0.revokedByAuthority = [2, 3, 8] }).refusals(evidence, at: noon) == [])
    #expect(
      try Set(intel.verifier(statements: { $0.revokedByRoot = [2] }).refusals(evidence, at: noon)) == [
        .revocation, .collateral,
      ])
    #expect(
      try Set(intel.verifier(statements: { $0.revokedByRoot = [3] }).refusals(evidence, at: noon)) == [.collateral])
    #expect(try intel.verifier(statements: { $0.revokedByRoot = [9] }).refusals(evidence, at: noon) == [])
  }

  @Test func `T5 N a verifier blind to revocation accepts a revoked platform`() throws {
    let intel = try TestIntel()
    let verifier = try intel.verifier(statements: { $0.revokedByAuthority = [9] })
    #expect(verifier.blind(to: .revocation).refusals(try intel.evidence(), at: noon) == [])
  }

  @Test func `T5 statements of somebody else do not exist`() throws {
    let intel = try TestIntel()
    let other = try TestIntel()
    #expect(throws: IntelCollateralError.notSigned) { try intel.collateral { $0.signer = other.statementKey } }
    #expect(throws: IntelCollateralError.notSigned) { try intel.collateral { $0.signer = intel.platformKey } }
    let json = try intel.collateralJSON()
    #expect(throws: IntelCollateralError.notSigned) { try IntelCollateral(json: json, root: other.root) }
    #expect(throws: IntelCollateralError.notSigned) { try IntelCollateral(json: json) }
    let text = String(decoding: json, as: UTF8.self)
    for (old, new) in [("UpToDate", "uptodate"), ("OutOfDate", "UpToDate"), ("FBFF", "00FF"), ("2027-02", "2029-02")] {
      #expect(text.contains(old))
      #expect(throws: IntelCollateralError.notSigned) {
        try IntelCollateral(json: Array(text.replacing(old, with: new).utf8), root: intel.root)
      }
    }
  }

  @Test func `statements that miss a part, repeat a name or nest too deeply are malformed`() throws {
    let intel = try TestIntel()
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    for (old, new) in [
      ("\"TDX\"", "\"SGX\""), ("\"version\":3", "\"version\":2"), ("\"tcbType\":0", "\"tcbType\":1"),
      ("\"fmspc\"", "\"other\""), ("010203040506", "0102030405"), ("\"pcesvn\":11", "\"pcesvn\":-1"),
      ("{\"svn\":5}", "{\"svn\":256}"), ("{\"svn\":5},", ""), ("\"pcesvn\":11", "\"pcesvn\":11,\"pcesvn\":0"),
      ("\"tcbType\":0", "\"tcbType\":0,\"more\":" + deep), ("\"UpToDate\"", "\"Fine\""), ("INTEL", "\u{1}"),
      ("2027-01-15T00:00:00Z", "2027-01-15"), ("00001\"]}]}", "00001\"]}]}x"), ("\"TDX_01\"", "1"),
    ] {
      #expect(TestIntel.platforms.contains(old))
      #expect(throws: IntelCollateralError.malformed, "\(old) → \(new)") {
        try intel.collateral { $0.platforms = $0.platforms.replacing(old, with: new, maxReplacements: 1) }
      }
    }
    #expect(throws: IntelCollateralError.contradictsItself) {
      try intel.collateral { $0.platforms = $0.platforms.replacing("2027-01-15", with: "2027-03-15") }
    }
    // Replaced before the other was made.
    #expect(throws: IntelCollateralError.contradictsItself) {
      try intel.collateral { $0.enclaves = $0.enclaves.replacing("2027-02-14T12", with: "2027-01-14T13") }
    }
    for text in ["", "{}", "[]", "{\"tcb_info\":1}", String(repeating: "{\"a\":", count: 50)] {
      #expect(throws: IntelCollateralError.malformed) { try IntelCollateral(json: Array(text.utf8), root: intel.root) }
    }
    let large = [UInt8](repeating: 0x20, count: IntelCollateral.maximumSize + 1)
    #expect(throws: IntelCollateralError.malformed) { try IntelCollateral(json: large, root: intel.root) }
  }

  @Test func `the worse of two statuses counts, and configuration is not forgotten`() {
    func joined(_ first: FirmwareStatus, _ second: FirmwareStatus) -> FirmwareStatus {
      FirmwareJudgement(status: first, advisories: []).joined(with: .init(status: second, advisories: [])).status
    }
    for status in FirmwareStatus.allCases {
      #expect(joined(status, .upToDate) == status && joined(.upToDate, status) == status)
      #expect(joined(status, .revoked) == .revoked && joined(status, status) == status)
    }
    #expect(joined(.configurationNeeded, .outOfDate) == .outOfDateConfigurationNeeded)
    #expect(joined(.softwareHardeningNeeded, .outOfDate) == .outOfDate)
  }
}

private func time(_ text: String) -> Timestamp { AttestationVectors.time(text) }
