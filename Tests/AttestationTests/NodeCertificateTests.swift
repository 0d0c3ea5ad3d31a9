@testable import Attestation
import Crypto
import Identifiers
import SwiftASN1
import Testing
import X509

@Suite struct NodeCertificateTests {
  @Test func `a certificate carries its binding and evidence and verifies under the policy`() async throws {
    let network = try Fixtures()
    let key = P256.Signing.PrivateKey()
    let certificate = try await NodeCertificate.issue(Fixtures.binding(), tlsKey: key, provider: network.attester)
    #expect(certificate.der.count < 4096)
    let read = try UnverifiedNodeCertificate(der: certificate.der)
    #expect(read.binding == certificate.binding)
    #expect(read.binding.tlsKeyDigest == key.publicKey.subjectDigest)
    let verified = try network.policy.verify(read, now: noon)
    #expect(verified.binding == read.binding)
    #expect(verified.evidence.reportData == read.binding.reportData)
    let parsed = try Certificate(derEncoded: certificate.der)
    #expect(parsed.subject.description.contains("DEVELOPMENT ONLY - NOT A TEE"))
  }

  @Test func `T2 a certificate with somebody else's evidence and binding is refused`() async throws {
    let network = try Fixtures()
    let honest = try await NodeCertificate.issue(
      Fixtures.binding(), tlsKey: P256.Signing.PrivateKey(), provider: network.attester)
    let stolen = try UnverifiedNodeCertificate(der: honest.der)
    let der = try make(ConceptualMessage(binding: stolen.binding.encoded, evidence: stolen.evidence))
    #expect(throws: NodeCertificateFault.contradictsItself) { try UnverifiedNodeCertificate(der: der) }
  }

  @Test func `T2 evidence for another key than the certificate's is refused by the policy`() async throws {
    let network = try Fixtures()
    let thief = P256.Signing.PrivateKey()
    let honest = try await NodeCertificate.issue(
      Fixtures.binding(), tlsKey: P256.Signing.PrivateKey(), provider: network.attester)
    var binding = honest.binding
    binding.tlsKeyDigest = thief.publicKey.subjectDigest
    let evidence = try UnverifiedNodeCertificate(der: honest.der).evidence
    let der = try make(ConceptualMessage(binding: binding.encoded, evidence: evidence), key: thief)
    let read = try UnverifiedNodeCertificate(der: der)
    #expect(failedChecks { try network.policy.verify(read, now: noon) } == [.reportData])
  }

  @Test func `every field of the binding is in the report data and in its encoding`() throws {
    let base = Fixtures.binding()
    var variants: [CertificateBinding] = []
    func vary(_ change: (inout CertificateBinding) -> Void) {
      var variant = base
      change(&variant)
      variants.append(variant)
    }
    vary { $0.network = Fixtures.identifier(99) }
    vary { $0.node = Fixtures.identifier(99) }
    vary { $0.instance = Fixtures.identifier(99) }
    vary { $0.staker = Fixtures.identifier(99) }
    vary { $0.identityKey[0] = 99 }
    vary { $0.hpkeKey[0] = 99 }
    vary { $0.tlsKeyDigest = Fixtures.identifier(99) }
    vary { $0.notBefore = noon.adding(seconds: 1) }
    vary { $0.notAfter = noon.adding(seconds: 1) }
    vary { $0.anchor = Fixtures.identifier(99) }
    vary { $0.configuration = Fixtures.identifier(99) }
    vary { $0.evidenceKind = EvidenceKind(known: "other") }
    let all = [base] + variants
    #expect(Set(all.map(\.reportData)).count == all.count)
    for binding in all { #expect(try CertificateBinding(decoding: binding.encoded) == binding) }
  }

  @Test func `a binding with a field more, less or of another size is refused`() throws {
    let base = try #require(try CBORReader.decode(Fixtures.binding().encoded).map)
    #expect(base.count == 15)
    for key in base.keys {
      var without = base
      without[key] = nil
      #expect(throws: BindingError.malformed) { try CertificateBinding(decoding: CBOR.map(without).encoded) }
      var changed = base
      changed[key] = .bytes([1])
      #expect(throws: BindingError.malformed) { try CertificateBinding(decoding: CBOR.map(changed).encoded) }
    }
    var more = base
    more[.unsigned(16)] = .unsigned(0)
    #expect(throws: BindingError.malformed) { try CertificateBinding(decoding: CBOR.map(more).encoded) }
    #expect(throws: BindingError.malformed) { try CertificateBinding(decoding: []) }
  }

  @Test func `a certificate is valid from its first to its last second`() async throws {
    let network = try Fixtures()
    let certificate = try await NodeCertificate.issue(
      Fixtures.binding(), tlsKey: P256.Signing.PrivateKey(), provider: network.attester)
    let read = try UnverifiedNodeCertificate(der: certificate.der)
    #expect(throws: NodeCertificateFault.notYetValid) { try read.requireValid(at: noon.adding(seconds: -1)) }
    try read.requireValid(at: noon)
    try read.requireValid(at: noon.adding(seconds: 86_400))
    #expect(throws: NodeCertificateFault.expired) { try read.requireValid(at: noon.adding(seconds: 86_401)) }
  }

  @Test(arguments: [0, -1, 86_401] as [Int64])
  func `a certificate of no life or of more than a day is not made`(lifetime: Int64) async throws {
    let network = try Fixtures()
    await #expect(throws: NodeCertificateFault.lifetime) {
      try await NodeCertificate.issue(
        Fixtures.binding(lifetime: lifetime), tlsKey: P256.Signing.PrivateKey(), provider: network.attester)
    }
  }

  @Test func `T2 a node that is not its own staker is refused`() async throws {
    let network = try Fixtures()
    var binding = Fixtures.binding()
    binding.staker = Fixtures.identifier(77)
    await #expect(throws: NodeCertificateFault.contradictsItself) {
      try await NodeCertificate.issue(binding, tlsKey: P256.Signing.PrivateKey(), provider: network.attester)
    }
  }

  @Test func `T2 extensions beside the one, a critical one and foreign signatures are refused`() async throws {
    let network = try Fixtures()
    let key = P256.Signing.PrivateKey()
    let honest = try await NodeCertificate.issue(Fixtures.binding(), tlsKey: key, provider: network.attester)
    let read = try UnverifiedNodeCertificate(der: honest.der)
    let message = ConceptualMessage(binding: read.binding.encoded, evidence: read.evidence)
    let good = try message.makeExtension()
    let constraints = try BasicConstraints.notCertificateAuthority.makeCertificateExtension()
    let critical = Certificate.Extension(oid: good.oid, critical: true, value: good.value)

    #expect(try UnverifiedNodeCertificate(der: make([good], key: key)).binding == read.binding)
    for (extensions, signer, fault) in [
      ([good, constraints], key, NodeCertificateFault.malformed), ([critical], key, .malformed), ([], key, .malformed),
      ([good], P256.Signing.PrivateKey(), .notSelfSigned),
    ] {
      let der = try make(extensions, key: key, signer: signer)
      #expect(throws: fault) { try UnverifiedNodeCertificate(der: der) }
    }
  }

  @Test func `bytes that are no certificate are refused without a trap`() async throws {
    let network = try Fixtures()
    let whole = try await NodeCertificate.issue(
      Fixtures.binding(), tlsKey: P256.Signing.PrivateKey(), provider: network.attester
    ).der
    #expect(throws: NodeCertificateFault.tooLarge) {
      try UnverifiedNodeCertificate(der: [UInt8](repeating: 0x30, count: NodeCertificate.maximumSize + 1))
    }
    #expect(throws: NodeCertificateFault.malformed) { try UnverifiedNodeCertificate(der: whole + [0]) }
    for length in stride(from: 0, to: whole.count, by: 37) {
      #expect(throws: NodeCertificateFault.self) { try UnverifiedNodeCertificate(der: Array(whole.prefix(length))) }
    }
    for offset in stride(from: 0, to: whole.count, by: 13) {
      var changed = whole
      changed[offset] ^= 0x20
      #expect(throws: NodeCertificateFault.self) { try UnverifiedNodeCertificate(der: changed) }
    }
  }

  private func make(_ message: ConceptualMessage, key: P256.Signing.PrivateKey = P256.Signing.PrivateKey()) throws
    -> [UInt8]
  {
    try make([message.makeExtension()], key: key)
  }

  private func make(
    _ extensions: [Certificate.Extension], key: P256.Signing.PrivateKey, signer: P256.Signing.PrivateKey? = nil
  ) throws -> [UInt8] {
    let subject = try UnverifiedNodeCertificate.subject(for: .software)
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
      notValidBefore: noon.date, notValidAfter: noon.adding(seconds: 86_400).date, issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions(extensions),
      issuerPrivateKey: .init(signer ?? key))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return serializer.serializedBytes
  }
}
