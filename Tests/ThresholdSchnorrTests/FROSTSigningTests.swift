import Aggregation
import Curves
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import ThresholdSchnorr

/// Every sharing of up to five parties.
private let smallThresholds: [(t: Int, n: Int)] = (2...5).flatMap { n in (2...n).map { (t: $0, n: n) } }

@Suite struct FROSTSigningTests {
  private let message = Array("a message of no importance".utf8)

  @Test(arguments: signingPurposes, smallThresholds)
  func `any quorum signs under a derived key and the ordinary verifier accepts`(
    _ purpose: KeyPurpose, _ size: (t: Int, n: Int)
  ) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: size.t, n: size.n, seed: UInt64(size.n * 10 + size.t))
      var random = SeededRandom(seed: 7)
      let quorum = try shuffledQuorum(of: key.threshold, from: &random)
      let run = try SigningRun(message, by: quorum, with: key, seed: 11)
      let signature = try run.transcript.aggregate(run.shares, key: key.publicKey)
      let publicKey = key.publicKey.publicKey
      #expect(S.isValid(signature: signature, message: message, publicKey: publicKey))
      #expect(!S.isValid(signature: signature, message: message + [0], publicKey: publicKey))
      #expect(publicKey == S.Group.generator.multiplied(by: key.secret))
    }
    try check(suite(of: purpose))
  }

  @Test func `taproot signs whatever the parity of key and group commitment`() throws {
    var seen: Set<[Bool]> = []
    for seed in 0..<32 {
      let key = try SharedKey<FROSTSecp256k1Taproot>(t: 2, n: 2, seed: UInt64(seed))
      let run = try SigningRun(message, by: PartySet(allOf: key.threshold), with: key, seed: UInt64(seed))
      for share in run.shares {
        #expect(try share.isValid(in: run.transcript, verifyingShare: key.publicKey.verifyingShare(of: share.party)))
      }
      let signature = try run.transcript.aggregate(run.shares, key: key.publicKey)
      #expect(BIP340.isValid(signature: signature, message: message, publicKey: key.publicKey.publicKey.xOnlyBytes))
      seen.insert([run.transcript.negatesShares, run.transcript.negatesNonces])
    }
    #expect(seen.count == 4)
  }

  @Test(arguments: signingPurposes)
  func `P35 an order needs exactly t signers, all of them certified`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 3, n: 5, seed: 1)
      for (parties, refusal): ([UInt16], SigningInputError) in [
        ([1, 2], .wrongQuorumSize), ([1, 2, 3, 4], .wrongQuorumSize),
        ([1, 2, 6], .unknownParty(try PartyID(6))),
      ] {
        #expect(throws: refusal) {
          try SigningOrder<S>(
            message: message, key: key.publicKey, quorum: PartySet(parties.map { try PartyID($0) }))
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes, smallThresholds)
  func `P35 signers who pretend that t − 1 are enough make no signature`(
    _ purpose: KeyPurpose, _ size: (t: Int, n: Int)
  ) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: size.t, n: size.n, seed: 3)
      guard size.t > 2 else { return }
      let run = try SigningRun(message, by: quorum(ofFirst: size.t - 1), with: key.pretending(t: size.t - 1), seed: 5)
      #expect(throws: AggregationFailure.inconsistent) {
        try run.transcript.aggregate(run.shares, key: key.publicKey)
      }
      let honest = try SigningRun(message, by: quorum(ofFirst: size.t), with: key, seed: 5)
      let last = try #require(honest.shares.last)
      #expect(throws: AggregationFailure.missing([last.party])) {
        try honest.transcript.aggregate(honest.shares.dropLast(), key: key.publicKey)
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes, smallThresholds)
  func `P35 N with one coefficient too few the same t − 1 signers sign`(
    _ purpose: KeyPurpose, _ size: (t: Int, n: Int)
  ) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      guard size.t > 2 else { return }
      let key = try SharedKey<S>(t: size.t - 1, n: size.n, seed: 3)
      let run = try SigningRun(message, by: quorum(ofFirst: size.t - 1), with: key, seed: 5)
      let signature = try run.transcript.aggregate(run.shares, key: key.publicKey)
      #expect(S.isValid(signature: signature, message: message, publicKey: key.publicKey.publicKey))
    }
    try check(suite(of: purpose))
  }

  private func quorum(ofFirst count: Int) throws -> PartySet {
    try PartySet((1...UInt16(count)).map { try PartyID($0) })
  }

  @Test func `P37 a key is used by its own purpose's scheme only, even where two share a curve`() throws {
    let key = try SharedKey<FROSTSecp256k1Taproot>(t: 2, n: 2, seed: 1)
    let quorum = PartySet(allOf: key.threshold)
    #expect(throws: SigningInputError.wrongPurpose) {
      try SigningOrder<FROSTSecp256k1>(message: message, key: key.publicKey, quorum: quorum)
    }
    let other = try SigningRun(message, by: quorum, with: SharedKey<FROSTSecp256k1>(t: 2, n: 2, seed: 1), seed: 2)
    #expect(throws: AggregationFailure.wrongKey) {
      try SigningContribution.combine(other.contributions, message: message, key: key.publicKey, quorum: quorum)
    }
  }

  @Test(arguments: signingPurposes)
  func `O6 a failed generator still gives other nonces to another share`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 2, n: 2, seed: 9)
      let order = try SigningOrder<S>(
        message: message, key: key.publicKey, quorum: PartySet(allOf: key.threshold))
      var commitments: Set<[UInt8]> = []
      for party in order.quorum {
        var stuck = StuckRandom()
        let nonces = try SigningNonces<S>(for: order, share: key.share(of: party), random: &stuck)
        commitments.insert(nonces.commitments.hiding.canonicalBytes)
      }
      #expect(commitments.count == 2)
    }
    try check(suite(of: purpose))
  }
}

/// A generator that fails without saying so.
private struct StuckRandom: RandomSource {
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }
}
