@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Testing
import Transcripts

/// Evidence with our verdict on it, for judges that are not this project's code.
@Suite(.serialized) struct IndependentOutputTests {
  typealias Record = [String: any Sendable]

  @Test func `SEV-SNP evidence is left to be judged by others`() throws {
    var records: [Record] = []
    func leave(_ name: String, _ data: [UInt8], _ now: Timestamp, _ authority: AMDAuthority, _ verifier: SNPVerifier)
      throws
    {
      let evidence = try Evidence(kind: .sevSNP, data: data)
      records.append([
        "check": "evidence/sev-snp", "name": name, "evidence": Hex.encode(data), "time": now.secondsSince1970,
        "root": Hex.encode(authority.root.der), "chips": Hex.encode(authority.chips.leaf?.der ?? []),
        "providers": Hex.encode(authority.providers.leaf?.der ?? []),
        "isProven": verifier.isProven(evidence, at: now),
      ])
    }
    let amd = try TestAMD()
    for (place, (_, change)) in SNPVerifierTests.wrong.enumerated() {
      let evidence = try amd.evidence(report: change)
      try leave("wrong \(place)", evidence.data, TestAMD.noon, amd.authority, amd.verifier())
    }
    for (place, change) in SNPChainTests.strange.enumerated() {
      let evidence = try amd.evidence(certificate: change)
      try leave("strange \(place)", evidence.data, TestAMD.noon, amd.authority, amd.verifier())
    }
    if Vectors.arePresent {
      for sample in try SNPRealReportTests.Sample.all() {
        let product = try #require(sample.requirements.minimumFirmware.keys.first)
        let authority = try #require(AMDAuthority.pinned.first { $0.product == product })
        let inside = SNPRealReportTests.inside
        try leave(sample.entry.name, sample.evidence.data, inside, authority, sample.verifier)
        for now in ["2015-01-01T00:00:00Z", "2049-01-01T00:00:00Z"].map(AttestationVectors.time) {
          try leave("\(sample.entry.name) at \(now)", sample.evidence.data, now, authority, sample.verifier)
        }
        for (place, data) in Self.changed(sample.evidence.data, by: 53) {
          try leave("\(sample.entry.name) changed at \(place)", data, inside, authority, sample.verifier)
        }
      }
    }
    try IndependentOutput.leave(records, as: "evidence-sev-snp")
  }

  @Test func `Nitro documents are left to be judged by others`() throws {
    var records: [Record] = []
    func leave(_ name: String, _ data: [UInt8], _ now: Timestamp, _ root: [UInt8]) throws {
      let evidence = try Evidence(kind: .nitro, data: data)
      records.append([
        "check": "evidence/nitro", "name": name, "evidence": Hex.encode(data), "time": now.secondsSince1970,
        "root": Hex.encode(root), "isProven": NitroVerifier(root: root).isProven(evidence, at: now),
      ])
    }
    let nitro = try TestNitro()
    try leave("made here", nitro.evidence().data, TestNitro.noon, nitro.root)
    try leave(
      "of another key", try TestNitro().evidence(payload: CBOR.map(nitro.fields()).encoded).data, TestNitro.noon,
      nitro.root)
    try leave("of another root", nitro.evidence().data, TestNitro.noon, NitroRoot.der)
    if Vectors.arePresent {
      for (name, evidence, document) in try NitroRealDocumentTests.samples() {
        try leave(name, evidence.data, document.time, NitroRoot.der)
        for offset in [-86_400, 86_400] as [Int64] {
          try leave("\(name) \(offset)", evidence.data, document.time.adding(seconds: offset), NitroRoot.der)
        }
        for (place, data) in Self.changed(evidence.data, by: 59) {
          try leave("\(name) changed at \(place)", data, document.time, NitroRoot.der)
        }
      }
    }
    try IndependentOutput.leave(records, as: "evidence-nitro")
  }

  @Test func `TDX quotes are left to be judged by others`() throws {
    var records: [Record] = []
    var tolerant = TDXRequirements()
    tolerant.statuses = Set(FirmwareStatus.allCases)
    tolerant.advisories = ["INTEL-SA-00001"]
    func leave(_ name: String, _ data: [UInt8], _ now: Timestamp, _ collateral: [UInt8], _ root: [UInt8]) throws {
      let read = try IntelCollateral(json: collateral, root: root)
      let verifier = TDXVerifier(requirements: tolerant, collateral: [read], root: root)
      let evidence = try Evidence(kind: .tdx, data: data)
      let failed = verifier.refusals(evidence, at: now)
      let status = try? verifier.findings(in: evidence, now: now).firmwareStatus?.rawValue
      records.append([
        "check": "evidence/tdx", "name": name, "evidence": Hex.encode(data), "time": now.secondsSince1970,
        "root": Hex.encode(root), "collateral": String(decoding: collateral, as: UTF8.self),
        "failed": failed.map(\.rawValue), "status": status ?? "",
      ])
    }
    let intel = try TestIntel()
    let collateral = try intel.collateralJSON()
    let changes = [{ _ in }] + TDXVerifierTests.wrongQuotes.map(\.1) + TDXVerifierTests.malformed
    for (place, change) in changes.enumerated() {
      try leave("wrong \(place)", intel.quote(change), TestIntel.noon, collateral, intel.root)
    }
    for (part, status) in TDXVerifierTests.statuses {
      let other = try intel.collateralJSON { statements in
        statements.platforms = statements.platforms.replacing(part, with: "\"\(status.rawValue)\"")
        statements.enclaves = statements.enclaves.replacing(part, with: "\"\(status.rawValue)\"")
      }
      try leave("\(status)", intel.quote(), TestIntel.noon, other, intel.root)
    }
    try leave(
      "old platform", intel.quote { $0.platform = TestIntel.platform(version: 1) }, TestIntel.noon, collateral,
      intel.root)
    for (name, revoked) in [("platform", [9]), ("nobody", [8])] {
      let other = try intel.collateralJSON { $0.revokedByAuthority = revoked }
      try leave("revoked \(name)", intel.quote(), TestIntel.noon, other, intel.root)
    }
    if Vectors.arePresent {
      let collateral = try AttestationVectors.bytes("tdx_quote_collateral.json")
      for (name, evidence, _) in try TDXRealQuoteTests.quotes() {
        for now in ["2025-06-20T00:00:00Z", "2025-06-01T00:00:00Z", "2025-08-01T00:00:00Z"] {
          try leave("\(name) at \(now)", evidence.data, AttestationVectors.time(now), collateral, IntelRoot.der)
        }
        guard name == "tdx-v4-uptodate" else { continue }
        for (place, data) in Self.changed(evidence.data, by: 37) {
          try leave("\(name) changed at \(place)", data, TDXRealQuoteTests.current, collateral, IntelRoot.der)
        }
      }
    }
    try IndependentOutput.leave(records, as: "evidence-tdx")
  }

  private static func changed(_ data: [UInt8], by step: Int) -> [(Int, [UInt8])] {
    stride(from: 0, to: data.count, by: step).map { place in
      var changed = data
      changed[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
      return (place, changed)
    }
  }
}
