import Identifiers
import Testing
import Wire

@Suite struct NodeInformationTests {
  @Test(arguments: [nil, [1, 2, 3]] as [[UInt8]?])
  func `the description of a network reads back`(certificate: [UInt8]?) throws {
    let description = NetworkDescription(
      network: try Fixture.networkID(), founding: Array("{}".utf8), registryNumber: 4,
      registryDigest: try Fixture.certificate(), epoch: 2, certificate: certificate, node: try Fixture.entry(1).node,
      instance: try Fixture.entry(1).instance, isDevelopment: true)
    #expect(try NetworkDescription(decoding: description.encoded) == description)
  }

  @Test func `challenge and answer of an attestation read back`() throws {
    let challenge = try AttestationChallenge(nonce: Fixture.filled(1))
    #expect(try AttestationChallenge(decoding: challenge.encoded) == challenge)
    let answer = AttestationAnswer(
      evidenceKind: "software", evidence: [1, 2], binding: [3], identitySignature: Fixture.filled(4, count: 64))
    #expect(try AttestationAnswer(decoding: answer.encoded) == answer)
    let batched = AttestationAnswer(
      evidenceKind: "sev-snp", evidence: [1, 2], binding: [3], identitySignature: Fixture.filled(4, count: 64),
      inclusion: [5])
    #expect(try AttestationAnswer(decoding: batched.encoded) == batched)
    let long = AttestationAnswer(
      evidenceKind: "sev-snp", evidence: [], binding: [], identitySignature: Fixture.filled(4, count: 64),
      inclusion: [UInt8](repeating: 0, count: AttestationAnswer.inclusionLimit + 1))
    #expect(throws: FormatError.invalid("inclusion")) { try AttestationAnswer(decoding: long.encoded) }
    #expect(throws: FormatError.invalid("nonce")) { try AttestationChallenge(nonce: [1]) }
    #expect(throws: FormatError.self) { try AttestationChallenge(decoding: Array(#"{"nonce":"AA"}"#.utf8)) }
    let large = AttestationAnswer(
      evidenceKind: "software", evidence: [UInt8](repeating: 0, count: WireLimits.evidence + 1), binding: [],
      identitySignature: Fixture.filled(4, count: 64))
    #expect(throws: FormatError.invalid("data")) { try AttestationAnswer(decoding: large.encoded) }
  }
}
