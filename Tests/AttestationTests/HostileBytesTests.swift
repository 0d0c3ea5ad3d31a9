@testable import Attestation
import Identifiers
import ProtocolTestKit
import Testing

/// What a stranger sends before anything is signed: whatever it is, it is read or refused, and the process lives.
@Suite struct HostileBytesTests {
  @Test func `P36 no mutation of evidence traps a verifier or proves anything`() throws {
    let amd = try TestAMD()
    let intel = try TestIntel()
    let nitro = try TestNitro()
    let cases: [(evidence: Evidence, verifier: any EvidenceVerifier, rounds: Int)] = [
      (try amd.evidence(), amd.verifier(), 600), (try intel.evidence(), try intel.verifier(), 600),
      (try nitro.evidence(), nitro.verifier(), 400),
    ]
    for (evidence, verifier, rounds) in cases {
      var random = SeededRandom(seed: 36)
      var readable = 0
      for _ in 0..<rounds {
        let data = random.mutated(evidence.data)
        guard data != evidence.data, let changed = try? Evidence(kind: evidence.kind, data: data) else { continue }
        if (try? verifier.findings(in: changed, now: noon)) != nil { readable += 1 }
        #expect(!verifier.isProven(changed, at: noon))
      }
      // The mutations reach what lies behind the form.
      #expect(readable > 10)
    }
  }

  @Test func `P36 no mutation of what is inside traps a parser`() throws {
    let amd = try TestAMD()
    let intel = try TestIntel()
    let nitro = try TestNitro()
    let endorsement = try amd.endorsement()
    let list = try TestAMD.revocationList(of: [1, 2, 3])
    let collateral = try intel.collateralJSON()
    let payload = CBOR.map(try nitro.fields()).encoded
    let chain = TestIntel.pem([intel.authority, intel.root])
    let parsers: [(seed: [UInt8], read: ([UInt8]) -> Bool)] = [
      (endorsement, { SNPEndorsement(der: $0) != nil }), (endorsement, { (try? VendorCertificate(der: $0)) != nil }),
      (list, { (try? RevocationList(der: $0)) != nil }), (chain, { PEMChain.decode($0, limit: 3) != nil }),
      (collateral, { (try? IntelCollateral(json: $0, root: intel.root)) != nil }),
      (payload, { (try? CBORReader.decode($0, form: .plain)) != nil }),
      (payload, { (try? NitroFile(bytes: $0)) != nil }),
      (
        Array(TestIntel.platforms.utf8),
        { bytes in
          (try? JSONRecord(parsing: bytes, limit: 1 << 16)).flatMap { try? TCBInfo($0) } != nil
        }
      ),
      (
        Array(TestIntel.enclaves.utf8),
        { bytes in
          (try? JSONRecord(parsing: bytes, limit: 1 << 16)).flatMap { try? EnclaveIdentity($0) } != nil
        }
      ),
      (
        TestIntel.platform(),
        { bytes in
          (try? intel.authorityWith(platform: bytes)).flatMap { PlatformEndorsement($0) } != nil
        }
      ),
    ]
    for (place, (seed, read)) in parsers.enumerated() {
      #expect(read(seed), "\(place)")
      var random = SeededRandom(seed: UInt64(place))
      var refused = 0
      for round in 0..<400 where !read(round.isMultiple(of: 8) ? random.garbage(around: 200) : random.mutated(seed)) {
        refused += 1
      }
      #expect(refused > 50, "\(place)")
    }
  }

  @Test func `P36 DER nested without end is refused`() {
    // Lengths of four bytes, so that a sequence holds the next one down to the last.
    func nested(_ depth: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      for level in (0..<depth).reversed() {
        let length = UInt32(6 * (depth - level - 1))
        bytes = [0x30, 0x84] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + bytes
      }
      return bytes
    }
    #expect(throws: RevocationListError.malformed) { try RevocationList(der: nested(2000)) }
    let minimal = (0..<60).reduce([UInt8]()) { inner, _ in DERBytes.tagged(0x30, inner) }
    #expect(throws: RevocationListError.malformed) { try RevocationList(der: minimal) }
    #expect(throws: CertificateFault.self) { try VendorCertificate(der: minimal) }
    #expect(throws: CertificateFault.tooLarge) {
      try VendorCertificate(der: [UInt8](repeating: 0x30, count: VendorCertificate.maximumSize + 1))
    }
  }

  @Test func `evidence as large as it may be is refused soon`() throws {
    let amd = try TestAMD()
    let nitro = try TestNitro()
    let intel = try TestIntel()
    for byte in [0x00, 0x30, 0x81, 0x9F, 0xBF, 0x5F, 0xFF] as [UInt8] {
      let bytes = [UInt8](repeating: byte, count: Evidence.maximumSize)
      for verifier in [amd.verifier(), nitro.verifier(), try intel.verifier()] as [any EvidenceVerifier] {
        #expect(verifier.refusals(try Evidence(kind: verifier.kind, data: bytes), at: noon) == [.form])
      }
    }
    let quote = try intel.quote()
    let tail = [UInt8](repeating: 0, count: Evidence.maximumSize + 1 - quote.count)
    #expect(throws: EvidenceError.tooLarge) { try Evidence(kind: .tdx, data: quote + tail) }
  }
}

extension TestIntel {
  fileprivate func authorityWith(platform: [UInt8]) throws -> VendorCertificate {
    try VendorCertificate(
      der: Self.certificate("platform", 9, platformKey, issuer: "authority", signer: authorityKey, platform: platform))
  }
}
