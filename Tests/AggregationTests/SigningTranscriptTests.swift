import Aggregation
import Curves
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing

@Suite struct SigningTranscriptTests {
  @Test(arguments: signingPurposes)
  func `P27 every binding factor changes with any commitment, the message and the key`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let base = try transcript(suite)
      let variants = [
        try transcript(suite, message: [1, 2, 4]),
        try transcript(suite, message: []),
        try transcript(suite, key: 101),
        try transcript(suite, seeds: [1, 2, 4]),
        try transcript(suite, seeds: [4, 2, 3]),
        try transcript(suite, swapping: true),
        try transcript(suite, parties: [1, 2, 4]),
      ]
      var factors: Set<S.Group.Scalar> = []
      var count = 0
      for transcript in [base] + variants {
        for party in transcript.quorum {
          factors.insert(try transcript.bindingFactor(of: party))
          count += 1
        }
      }
      #expect(factors.count == count)
      #expect(Set(([base] + variants).map(\.challenge)).count == variants.count + 1)
      #expect(try transcript(suite).bindingFactor(of: PartyID(1)) == base.bindingFactor(of: PartyID(1)))
    }
    try check(suite(of: purpose))
  }

  @Test func `P14 no two hash functions of one suite or of two give the same for the same input`() throws {
    let input = [UInt8](repeating: 7, count: 64)
    var outputs: Set<[UInt8]> = []
    var contexts: Set<String> = []
    for purpose in signingPurposes {
      func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) {
        outputs.insert(S.bindingFactor(input).canonicalBytes)
        outputs.insert(S.nonce(SecretBytes(copying: input)).declassified().canonicalBytes)
        outputs.insert(S.messageDigest(input))
        outputs.insert(S.commitmentListDigest(input))
        contexts.insert(S.contextString)
      }
      try check(suite(of: purpose))
    }
    #expect(outputs.count == 4 * signingPurposes.count)
    #expect(contexts.count == signingPurposes.count)
  }

  @Test(arguments: signingPurposes)
  func `nobody outside the quorum has a binding factor or a weight`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let transcript = try transcript(suite)
      let stranger = try PartyID(9)
      #expect(throws: SigningInputError.unknownParty(stranger)) { try transcript.bindingFactor(of: stranger) }
      #expect(throws: SigningInputError.unknownParty(stranger)) { try transcript.weight(of: stranger) }
      #expect(throws: SigningInputError.unknownParty(stranger)) {
        try SignatureShare<S>(party: stranger, response: .one)
          .isValid(in: transcript, verifyingShare: S.Group.generator)
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P32 a key that is the identity signs nothing`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let list = try transcript(suite).commitments
      #expect(throws: SigningInputError.identityKey) {
        try SigningTranscript<S>(publicKey: .identity, message: [], commitments: list)
      }
    }
    try check(suite(of: purpose))
  }

  private func transcript<S: SchnorrCiphersuite>(
    _ suite: S.Type, key: UInt64 = 100, message: [UInt8] = [1, 2, 3], parties: [UInt16] = [1, 2, 3],
    seeds: [UInt64] = [1, 2, 3], swapping: Bool = false
  ) throws -> SigningTranscript<S> {
    var entries = try zip(parties, seeds).map { try commitments(of: $0, seed: $1, suite) }
    if swapping {
      entries[1] = try SigningCommitments(
        party: entries[1].party, hiding: entries[1].binding, binding: entries[1].hiding)
    }
    let list = try CommitmentList<S>(entries, quorum: PartySet(entries.map(\.party)))
    return try SigningTranscript(
      publicKey: element(seed: key, of: S.Group.self), message: message, commitments: list)
  }
}
