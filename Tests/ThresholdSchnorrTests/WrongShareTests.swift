import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

@Suite struct WrongShareTests {
  private let message = Array("a message of no importance".utf8)

  @Test(arguments: signingPurposes)
  func `P29 every signer whose share is wrong is named and nobody else`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 4, n: 5, seed: 21)
      var random = SeededRandom(seed: 22)
      let run = try SigningRun(message, by: shuffledQuorum(of: key.threshold, from: &random), with: key, seed: 23)
      for guilty in 1..<(1 << 4) {
        let shares = run.shares.enumerated().map { place, share in
          guard guilty & (1 << place) != 0 else { return share }
          // Different errors, so that two of them do not cancel out.
          return SignatureShare<S>(party: share.party, response: share.response + S.Group.Scalar(UInt64(place + 1)))
        }
        let culprits = run.shares.enumerated().filter { guilty & (1 << $0.offset) != 0 }.map(\.element.party)
        let failure = #expect(throws: AggregationFailure.self) {
          try run.transcript.aggregate(shares, key: key.publicKey)
        }
        #expect(failure == .culprits(culprits))
        #expect(failure?.culprits == culprits)
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P29 a share of zero, of another signer or of the negative key is a wrong share`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 3, n: 3, seed: 24)
      let run = try SigningRun(message, by: PartySet(allOf: key.threshold), with: key, seed: 25)
      let (first, second) = (run.shares[0], run.shares[1])
      for response in [S.Group.Scalar.zero, second.response, -first.response] {
        let shares = [SignatureShare<S>(party: first.party, response: response)] + run.shares.dropFirst()
        #expect(throws: AggregationFailure.culprits([first.party])) {
          try run.transcript.aggregate(shares, key: key.publicKey)
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `aggregation takes one share of each member of the quorum`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 3, n: 4, seed: 26)
      let quorum = try PartySet([1, 2, 4].map { try PartyID($0) })
      let run = try SigningRun(message, by: quorum, with: key, seed: 27)
      let stranger = SignatureShare<S>(party: try PartyID(3), response: .one)
      for (shares, failure): ([SignatureShare<S>], AggregationFailure) in [
        (Array(run.shares.dropFirst()), .missing([try PartyID(1)])),
        (run.shares + [stranger], .unexpected(try PartyID(3))),
        (run.shares + [run.shares[2]], .duplicate(try PartyID(4))),
        ([], .missing(quorum.parties)),
      ] {
        #expect(throws: failure) { try run.transcript.aggregate(shares, key: key.publicKey) }
      }
      let otherKey = try SharedKey<S>(t: 3, n: 4, seed: 28)
      #expect(throws: AggregationFailure.wrongKey) {
        try run.transcript.aggregate(run.shares, key: otherKey.publicKey)
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P28 a share made for another message, list or key is a wrong share`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 2, n: 3, seed: 29)
      let quorum = try PartySet([1, 3].map { try PartyID($0) })
      let run = try SigningRun(message, by: quorum, with: key, seed: 30)
      let substitutes = [
        try SigningRun(message + [1], by: quorum, with: key, seed: 30),
        try SigningRun(message, by: quorum, with: key, seed: 31),
        try SigningRun(message, by: quorum, with: SharedKey<S>(t: 2, n: 3, seed: 32), seed: 30),
      ]
      for substitute in substitutes {
        #expect(throws: AggregationFailure.culprits([try PartyID(3)])) {
          try run.transcript.aggregate([run.shares[0], substitute.shares[1]], key: key.publicKey)
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P28 a user combines only what was signed with one list by the whole quorum`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = try SharedKey<S>(t: 3, n: 4, seed: 33)
      let quorum = try PartySet([1, 2, 4].map { try PartyID($0) })
      let (one, two, four) = (quorum[0], quorum[1], quorum[2])
      let contributions = try SigningRun(message, by: quorum, with: key, seed: 34).contributions
      let other = try SigningRun(message, by: quorum, with: key, seed: 35).contributions
      let otherQuorum = try PartySet([1, 2, 3].map { try PartyID($0) })
      let elsewhere = try SigningRun(message, by: otherQuorum, with: key, seed: 34).contributions
      for (given, failure): ([SigningContribution<S>], AggregationFailure) in [
        (Array(contributions.dropLast()), .missing([four])),
        (contributions + [elsewhere[2]], .unexpected(elsewhere[2].share.party)),
        (contributions + [contributions[0]], .duplicate(one)),
        ([elsewhere[0], contributions[1], contributions[2]], .culprits([one])),
        (
          [contributions[0], other[1], contributions[2]],
          .disputes([
            CommitmentDispute(reporter: one, about: two), CommitmentDispute(reporter: two, about: one),
            CommitmentDispute(reporter: two, about: four), CommitmentDispute(reporter: four, about: two),
          ])
        ),
      ] {
        #expect(throws: failure) {
          try SigningContribution.combine(given, message: message, key: key.publicKey, quorum: quorum)
        }
      }
      #expect(throws: AggregationFailure.culprits(quorum.parties)) {
        try SigningContribution.combine(contributions, message: message + [0], key: key.publicKey, quorum: quorum)
      }
    }
    try check(suite(of: purpose))
  }
}
