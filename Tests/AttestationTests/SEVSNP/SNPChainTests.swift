@testable import Attestation
import Crypto
import CryptoExtras
import Identifiers
import Testing

@Suite struct SNPChainTests {
  @Test func `both encodings of the signature parameters that occur are accepted, and no other`() throws {
    let amd = try TestAMD()
    func refusals(_ algorithm: [UInt8]) throws -> [AttestationCheck] {
      amd.verifier().refusals(try amd.evidence(certificate: { $0.algorithm = algorithm }), at: TestAMD.noon)
    }
    #expect(try refusals(SignatureAlgorithm.pss) == [])
    #expect(try refusals(SignatureAlgorithm.pssWithTrailer) == [])
    for place in 2..<SignatureAlgorithm.pss.count {
      var changed = SignatureAlgorithm.pss
      changed[place] ^= 1
      #expect(try refusals(changed) == [.form])
    }
    // Salt of 32 bytes, and no parameters at all.
    #expect(try refusals(Array(SignatureAlgorithm.pss.dropLast()) + [32]) == [.form])
    #expect(try refusals(DERBytes.sequence(Array(SignatureAlgorithm.pss[2..<13]))) == [.form])
  }

  @Test func `T5 a signature with another padding under the right name is refused`() throws {
    let amd = try TestAMD()
    let evidence = try amd.evidence(certificate: { $0.padding = .insecurePKCS1v1_5 })
    #expect(amd.verifier().refusals(evidence, at: TestAMD.noon) == [.endorsement])
  }

  @Test func `a certificate is valid from its first to its last second`() throws {
    let amd = try TestAMD()
    let evidence = try amd.evidence(certificate: { certificate in
      certificate.start = "20270101000000Z"
      certificate.end = "20270201000000Z"
    })
    let (start, end) = (time("2027-01-01T00:00:00Z"), time("2027-02-01T00:00:00Z"))
    #expect(amd.verifier().refusals(evidence, at: start.adding(seconds: -1)) == [.endorsementValidity])
    #expect(amd.verifier().refusals(evidence, at: start) == [])
    #expect(amd.verifier().refusals(evidence, at: end) == [])
    #expect(amd.verifier().refusals(evidence, at: end.adding(seconds: 1)) == [.endorsementValidity])
  }

  private static let critical = DERBytes.sequence(
    DERBytes.tagged(0x06, [0x55, 0x1D, 0x1E]), [0x01, 0x01, 0xFF], DERBytes.octets([]))

  /// Certificates that are signed well and should not have been.
  static let strange: [@Sendable (inout TestAMD.Certificate) -> Void] = [
    { $0.extensions = [] }, { $0.version = DERBytes.explicit(0, DERBytes.integer(1)) }, { $0.version = [] },
    { $0.key = Array(TestAMD.signer.publicKey.derRepresentation) }, { $0.start = "20400101000000Z" },
    { $0.extensions += DERBytes.amd(1, value: [2, 1, 1]) },
    { $0.extensions += DERBytes.amd(5, value: DERBytes.text("CN=x")) },
    { $0.extensions += DERBytes.amd(3, 4, value: [2, 1, 1]) },
    { $0.extensions += DERBytes.amd(3, 9, value: [2, 1, 1]) },
    { $0.extensions += [UInt8](repeating: 0, count: 5000) }, { $0.extensions += critical }, { $0.issuer = "somebody" },
  ]

  @Test(arguments: strange.indices)
  func `a certificate that misses a part, or has an unknown critical one, does not count`(place: Int) throws {
    let amd = try TestAMD()
    let refusals = amd.verifier().refusals(try amd.evidence(certificate: Self.strange[place]), at: TestAMD.noon)
    #expect(refusals == (place < Self.strange.count - 2 ? [.form] : [.endorsement]))
  }

  @Test func `T5 authorities that may not sign, or are not the pinned root's, lead nowhere`() throws {
    let amd = try TestAMD()
    let evidence = try amd.evidence()
    let (root, chips, providers) = (
      try TestAMD.authority("ARK", "ARK"), try TestAMD.authority("ARK", "ASK"), try TestAMD.authority("ARK", "ASVK")
    )
    func refusals(_ root: [UInt8], _ chips: [UInt8]) throws -> [AttestationCheck] {
      let authority = try AMDAuthority(product: .genoa, root: root, chips: chips, providers: providers)
      return SNPVerifier(requirements: amd.requirements, authorities: [authority])
        .refusals(evidence, at: TestAMD.noon)
    }
    #expect(try refusals(root, chips) == [])
    let noSigner = DERBytes.sequence(
      DERBytes.tagged(0x06, [0x55, 0x1D, 0x13]), [0x01, 0x01, 0xFF], DERBytes.octets(DERBytes.sequence()))
    #expect(try refusals(root, TestAMD.authority("ARK", "ASK", noSigner)) == [.endorsement])
    #expect(try refusals(TestAMD.authority("ARK", "ARK", noSigner), chips) == [.endorsement])
    #expect(try refusals(root, TestAMD.authority("other", "ASK")) == [.endorsement])
    #expect(try refusals(TestAMD.authority("ARK", "other"), chips) == [.endorsement])
    // The root allows no authority below it.
    let zero =
      DERBytes.sequence(
        DERBytes.tagged(0x06, [0x55, 0x1D, 0x13]), [0x01, 0x01, 0xFF],
        DERBytes.octets(DERBytes.sequence([0x01, 0x01, 0xFF], DERBytes.integer(0)))) + DERBytes.authority.suffix(16)
    #expect(try refusals(TestAMD.authority("ARK", "ARK", zero), chips) == [.endorsement])
    #expect(try refusals(root, TestAMD.authority("ARK", "ASK", zero)) == [])
    #expect(throws: AMDAuthorityError.malformed) {
      try AMDAuthority(product: .genoa, root: [], chips: chips, providers: providers)
    }
  }

  @Test func `T5 a revoked authority is refused, and so is a list that is not current`() throws {
    let amd = try TestAMD()
    let evidence = try amd.evidence()
    let inside = time("2027-01-15T00:00:00Z")
    func refusals(_ lists: [[UInt8]], at now: Timestamp, needed: Bool = true) throws -> [AttestationCheck] {
      let lists = try lists.map { try RevocationList(der: $0) }
      return amd.verifier(revocations: lists) { $0.needsRevocationList = needed }.refusals(evidence, at: now)
    }
    #expect(try refusals([TestAMD.revocationList(of: [])], at: inside) == [])
    #expect(try refusals([TestAMD.revocationList(of: [6, 8])], at: inside) == [])
    #expect(try refusals([], at: inside) == [.revocation])
    #expect(try refusals([], at: inside, needed: false) == [])
    #expect(try refusals([TestAMD.revocationList(of: [6], issuer: "other")], at: inside) == [.revocation])
    #expect(Set(try refusals([TestAMD.revocationList(of: [7])], at: inside)) == [.revocation])
    for now in [time("2026-12-31T23:59:59Z"), time("2027-02-01T00:00:01Z")] {
      #expect(try refusals([TestAMD.revocationList(of: [])], at: now, needed: false) == [.revocation])
    }
    // A list that was followed by another one harms nobody, and what it revokes stays revoked.
    func past(_ serials: [Int]) throws -> [UInt8] {
      try TestAMD.revocationList(of: serials, from: "20261201000000Z", to: "20270101000000Z")
    }
    #expect(try refusals([past([]), TestAMD.revocationList(of: [])], at: inside) == [])
    #expect(try Set(refusals([past([7]), TestAMD.revocationList(of: [])], at: inside)) == [.revocation])
  }

  @Test func `T5 N a verifier blind to revocation and to roots accepts what was revoked or signed in another way`()
    throws
  {
    let amd = try TestAMD()
    let revoked = try RevocationList(der: TestAMD.revocationList(of: [7]))
    let inside = time("2027-01-15T00:00:00Z")
    let padded = try amd.evidence(certificate: { $0.padding = .insecurePKCS1v1_5 })
    #expect(amd.verifier().blind(to: .endorsement).refusals(padded, at: inside) == [])
    let evidence = try amd.evidence()
    #expect(amd.verifier(revocations: [revoked]).blind(to: .revocation).refusals(evidence, at: inside) == [])
  }

  @Test func `a revocation list with any byte changed is no list or not signed`() throws {
    let root = try VendorCertificate(der: TestAMD.authority("ARK", "ARK"))
    let list = try TestAMD.revocationList(of: [3, 300])
    #expect(try RevocationList(der: list).isSigned(by: root))
    #expect(try RevocationList(der: list).serials == [[3], [1, 44]])
    for place in list.indices {
      var changed = list
      changed[place] ^= 0x40
      let isBelieved = (try? RevocationList(der: changed))?.isSigned(by: root) ?? false
      #expect(!isBelieved)
    }
    #expect(throws: RevocationListError.malformed) { try RevocationList(der: list + [0]) }
    #expect(throws: RevocationListError.malformed) { try RevocationList(der: Array(list.dropLast())) }
    #expect(throws: RevocationListError.malformed) {
      try RevocationList(der: [UInt8](repeating: 0x30, count: RevocationList.maximumSize + 1))
    }
  }
}

private func time(_ text: String) -> Timestamp { AttestationVectors.time(text) }
