import Aggregation
import Curves
import PublicKeys
import SecretSharing
import Signatures
import Testing

@Suite struct CommitmentListTests {
  @Test(arguments: signingPurposes)
  func `P28 a list is exactly the quorum in ascending numeric order, each signer once`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let quorum = try PartySet([2, 3, 256].map { try PartyID($0) })
      let entries = try [2, 3, 256, 4].map { try commitments(of: $0, seed: UInt64($0), suite) }
      let (two, three, many, four) = (entries[0], entries[1], entries[2], entries[3])
      #expect(try CommitmentList<S>([two, three, many], quorum: quorum).quorum == quorum)
      for (list, refusal): ([SigningCommitments<S>], SigningInputError) in [
        // The order of little-endian bytes, which puts 256 first.
        ([many, two, three], .unorderedCommitments),
        ([three, two, many], .unorderedCommitments),
        ([two, two, three, many], .unorderedCommitments),
        ([two, three], .notTheQuorum),
        ([two, three, four], .notTheQuorum),
        ([two, three, four, many], .notTheQuorum),
        ([], .notTheQuorum),
      ] {
        #expect(throws: refusal) { try CommitmentList<S>(list, quorum: quorum) }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P25 commitments are two canonical elements and neither is the identity`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let party = try PartyID(1)
      let good = try commitments(of: 1, seed: 1, suite)
      #expect(try SigningCommitments<S>(party: party, encoded: good.encoded) == good)
      let identity = S.Group.Element.identity
      #expect(throws: SigningInputError.identityCommitment(party)) {
        try SigningCommitments<S>(party: party, hiding: identity, binding: good.binding)
      }
      #expect(throws: SigningInputError.identityCommitment(party)) {
        try SigningCommitments<S>(party: party, hiding: good.hiding, binding: identity)
      }
      let one = good.hiding.canonicalBytes
      for encoded in [
        [], one, Array(good.encoded.dropLast()), good.encoded + [0], one + identity.canonicalBytes,
        identity.canonicalBytes + one, one + [UInt8](repeating: 0xff, count: one.count),
      ] {
        #expect(throws: SigningInputError.malformedCommitment(party)) {
          try SigningCommitments<S>(party: party, encoded: encoded)
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P34 a signature share is one canonical scalar`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let party = try PartyID(1)
      let share = SignatureShare<S>(party: party, response: S.Group.Scalar(7))
      #expect(try SignatureShare<S>(party: party, encoded: share.encoded) == share)
      let size = S.Group.scalarByteCount
      for encoded in [[], Array(share.encoded.dropLast()), share.encoded + [0], [UInt8](repeating: 0xff, count: size)] {
        #expect(throws: SigningInputError.malformedShare(party)) {
          try SignatureShare<S>(party: party, encoded: encoded)
        }
      }
    }
    try check(suite(of: purpose))
  }
}
