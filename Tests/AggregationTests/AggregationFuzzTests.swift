import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing

/// Bytes and values of all kinds for what users and signers decode and add up. A trap would end the test process.
@Suite struct AggregationFuzzTests {
  @Test(arguments: signingPurposes)
  func `P36 no commitments, shares or signatures make a user or signer trap`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      var random = SeededRandom(seed: 0xf022)
      let quorum = try PartySet([1, 2].map { try PartyID($0) })
      let good = try [1, 2].map { try commitments(of: $0, seed: UInt64($0), suite) }
      let key = try element(seed: 9, of: S.Group.self)
      let message = random.bytes(20)
      let list = try CommitmentList<S>(good, quorum: quorum)
      let transcript = try SigningTranscript<S>(publicKey: key, message: message, commitments: list)
      let response = try S.Group.scalar(reducingWide: random.bytes(64))
      let signature = S.signatureBytes(groupCommitment: transcript.groupCommitment, response: response)

      for number in 0..<1500 {
        let garble = { (valid: [UInt8], random: inout SeededRandom) in
          number % 4 == 0 ? random.garbage(around: valid.count) : random.mutated(valid)
        }
        let bytes = garble(good[0].encoded, &random)
        if let decoded = try? SigningCommitments<S>(party: quorum[0], encoded: bytes) {
          #expect(decoded.encoded == bytes)
          if number % 8 == 0, let other = try? CommitmentList<S>([decoded, good[1]], quorum: quorum) {
            _ = try? SigningTranscript<S>(publicKey: key, message: bytes, commitments: other)
          }
        }
        let scalar = garble(response.canonicalBytes, &random)
        if let share = try? SignatureShare<S>(party: quorum[0], encoded: scalar) {
          #expect(share.encoded == scalar)
          if number % 8 == 0 { _ = try? share.isValid(in: transcript, verifyingShare: key) }
        }
        let isValid = S.isValid(signature: garble(signature, &random), message: message, publicKey: key)
        #expect(!isValid)
      }
    }
    try check(suite(of: purpose))
  }

  @Test func `P36 no decryption share makes a user trap`() throws {
    let identity = Array("quorate-policy://some/thing".utf8)
    let shared = try SharedDecryptionKey(t: 2, n: 3, seed: 81)
    let shares = try shared.shares(1...3, for: identity)
    var random = SeededRandom(seed: 82)
    var decodedCount = 0
    for number in 0..<2000 {
      let bytes =
        number % 4 == 0 ? random.garbage(around: 96) : random.mutated(shares[number % 3].encoded)
      let party = try PartyID(UInt16(1 + random.next(below: 5)))
      guard let share = try? DecryptionShare(party: party, encoded: bytes) else { continue }
      #expect(share.encoded == bytes)
      decodedCount += 1
      if decodedCount % 8 == 0 {
        _ = try? DecryptionKey(combining: [share] + shares, identity: identity, key: shared.publicKey)
        _ = try? DecryptionKey(combining: [share, shares[1]], identity: identity, key: shared.publicKey)
      }
    }
    #expect(decodedCount > 0)
  }
}
