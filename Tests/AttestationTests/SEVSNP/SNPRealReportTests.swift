@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Testing

/// Reports of real processors under AMD's own roots.
@Suite(.enabled(if: Vectors.arePresent)) struct SNPRealReportTests {
  static let inside = AttestationVectors.time("2025-09-01T00:00:00Z")
  static let provider = SNPSigner.provider("CN=cc-us-east-2.amazonaws.com")

  struct Sample {
    let entry: AttestationVectors.Entry
    let evidence: Evidence
    let requirements: SNPRequirements
    let verifier: SNPVerifier

    init(_ entry: AttestationVectors.Entry) throws {
      self.entry = entry
      let tcb = try #require(entry.tcb)
      evidence = try Evidence(
        kind: .sevSNP,
        data: AttestationVectors.bytes(#require(entry.report).file) + AttestationVectors.bytes(#require(entry.vek).file)
      )
      let product = try #require(SNPProduct.allCases.first { entry.name.hasPrefix($0.rawValue.lowercased()) })
      let firmware = SNPFirmware(
        microcontroller: tcb.fmc ?? 0, bootLoader: tcb.bl, tee: tcb.tee, snp: tcb.snp, microcode: tcb.ucode)
      // A report of a platform whose firmware was updated may have a launch version below the reported one.
      var requirements = SNPRequirements(minimumFirmware: [product: firmware])
      requirements.signers = [entry.name.contains("vlek") ? SNPRealReportTests.provider : .chip]
      requirements.privilegeLevel = try #require(entry.vmpl)
      self.requirements = requirements
      verifier = SNPVerifier(requirements: requirements)
    }

    /// Certificates of another product under the name of this one.
    func wrongAuthority() throws -> AMDAuthority {
      let product = try #require(requirements.minimumFirmware.keys.first)
      let other = try #require(AMDAuthority.pinned.first { $0.product != product })
      return try AMDAuthority(
        product: product, root: other.root.der, chips: #require(other.chips.leaf).der,
        providers: #require(other.providers.leaf).der)
    }

    var verifierOfOtherSigners: SNPVerifier {
      var requirements = requirements
      requirements.signers = requirements.signers == [.chip] ? [SNPRealReportTests.provider] : [.chip]
      return SNPVerifier(requirements: requirements)
    }

    static func all() throws -> [Sample] { try AttestationVectors.entries("snp").map(Sample.init) }
  }

  @Test func `the pinned roots are AMD's`() throws {
    let digests = [
      "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd",
      "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1",
      "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a",
    ]
    #expect(AMDAuthority.pinned.map(\.product) == [.milan, .genoa, .turin])
    #expect(AMDAuthority.pinned.map { Hex.encode(SHA256.hash(data: $0.root.der)) } == digests)
    for authority in AMDAuthority.pinned {
      let name = authority.product.rawValue.lowercased()
      let files = try ["ark", "ask", "asvk"].map { try AttestationVectors.bytes("snp-root-\(name)-\($0).der") }
      #expect([authority.root.der, authority.chips.leaf?.der, authority.providers.leaf?.der] == files)
      #expect(authority.chips.faults(now: Self.inside).isEmpty)
      #expect(authority.providers.faults(now: Self.inside).isEmpty)
    }
  }

  @Test func `every report verifies while its certificates are valid, and only debugging is refused`() throws {
    let samples = try Sample.all()
    #expect(samples.count >= 6)
    for sample in samples {
      let refusals = sample.verifier.refusals(sample.evidence, at: Self.inside)
      #expect(refusals == (sample.entry.debug == true ? [.debug] : []), "\(sample.entry.name)")
    }
  }

  @Test func `T5 every report is refused before and after its certificates are valid`() throws {
    for sample in try Sample.all() {
      for now in [AttestationVectors.time("2015-01-01T00:00:00Z"), AttestationVectors.time("2049-01-01T00:00:00Z")] {
        let refusals = sample.verifier.blind(to: .debug).refusals(sample.evidence, at: now)
        #expect(Set(refusals) == [.endorsementValidity], "\(sample.entry.name)")
      }
      let leaf = sample.entry.result?.split(separator: " ").last.map(String.init) ?? ""
      let end = try Timestamp(text: "\(leaf)T23:59:59Z")
      #expect(sample.verifier.blind(to: .debug).refusals(sample.evidence, at: end) == [.endorsementValidity])
    }
  }

  @Test func `T4 every report is refused under another root`() throws {
    for sample in try Sample.all() {
      let renamed = try SNPVerifier(requirements: sample.requirements, authorities: [sample.wrongAuthority()])
      #expect(renamed.blind(to: .debug).refusals(sample.evidence, at: Self.inside) == [.endorsement])
      let unknown = SNPVerifier(requirements: sample.requirements, authorities: [])
      #expect(unknown.blind(to: .debug).refusals(sample.evidence, at: Self.inside) == [.endorsement])
    }
  }

  @Test func `T4 N a verifier that does not look at roots accepts every report under another one`() throws {
    for sample in try Sample.all() {
      let renamed = try SNPVerifier(requirements: sample.requirements, authorities: [sample.wrongAuthority()])
      #expect(renamed.blind(to: .debug, .endorsement).refusals(sample.evidence, at: Self.inside) == [])
    }
  }

  @Test func `T5 no byte of a report or of its certificate can be changed`() throws {
    for sample in try Sample.all() {
      // Every byte of one report of each generation of the layout, some of the others.
      #expect(sample.verifier.isProven(sample.evidence, at: Self.inside))
      let whole = ["milan-v3-vlek-aws", "turin-v5-oak"].contains(sample.entry.name)
      var tried = 0
      for place in stride(from: 0, to: sample.evidence.data.count, by: whole ? 1 : 17) {
        var data = sample.evidence.data
        data[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
        let changed = try Evidence(kind: .sevSNP, data: data)
        #expect(!sample.verifier.isProven(changed, at: Self.inside), "\(sample.entry.name) at \(place)")
        tried += 1
      }
      #expect(tried > 100)
    }
  }

  @Test func `T5 cut, prolonged and mixed evidence is refused`() throws {
    let samples = try Sample.all()
    for sample in samples {
      let data = sample.evidence.data
      for cut in [0, 1, 1183, 1184, 1185, data.count - 1] {
        let evidence = try Evidence(kind: .sevSNP, data: Array(data.prefix(cut)))
        #expect(sample.verifier.refusals(evidence, at: Self.inside) == [.form])
      }
      let longer = try Evidence(kind: .sevSNP, data: data + [0])
      #expect(sample.verifier.refusals(longer, at: Self.inside) == [.form])
      for other in samples where other.entry.name != sample.entry.name {
        let mixed = try Evidence(kind: .sevSNP, data: Array(data[..<1184] + other.evidence.data[1184...]))
        let refusals = sample.verifier.refusals(mixed, at: Self.inside)
        #expect(refusals.contains(.reportSignature))
      }
    }
  }

  @Test func `T5 evidence of a provider's key is refused where chips are asked for, and the reverse`() throws {
    for sample in try Sample.all() {
      let verifier = sample.verifierOfOtherSigners
      #expect(verifier.blind(to: .debug).refusals(sample.evidence, at: Self.inside) == [.signer])
    }
  }

  @Test func `T5 N a verifier blind to debugging and to whose key signed accepts every report`() throws {
    for sample in try Sample.all() {
      let verifier = sample.verifierOfOtherSigners
      #expect(verifier.blind(to: .debug, .signer).refusals(sample.evidence, at: Self.inside) == [])
    }
  }

  @Test func `T5 N a verifier blind to times accepts every report after its certificates have expired`() throws {
    let late = AttestationVectors.time("2049-01-01T00:00:00Z")
    for sample in try Sample.all() {
      #expect(sample.verifier.blind(to: .debug, .endorsementValidity).refusals(sample.evidence, at: late) == [])
    }
  }

  @Test func `the time of a verification beside its signatures is printed`() throws {
    for sample in try Sample.all() {
      let report = try #require(SNPReport(bytes: sample.evidence.data.prefix(SNPReport.byteCount)))
      let endorsement = try #require(SNPEndorsement(der: Array(sample.evidence.data.dropFirst(SNPReport.byteCount))))
      let issuer = try #require(
        AMDAuthority.pinned.first { $0.product == endorsement.product }?.path(for: endorsement).certificates.dropLast()
          .last)
      try printTimes("SEV-SNP \(sample.entry.name)") {
        _ = try sample.verifier.findings(in: sample.evidence, now: Self.inside)
      } bare: {
        #expect(endorsement.certificate.isSigned(by: issuer.key) && report.isSigned(by: endorsement.key))
      }
    }
  }
}
