import Aggregation
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

/// Signers of one request meet messages of another.
struct SigningSessionMixTests {
  private typealias S = FROSTEd25519

  @Test func `P8 commitments of another session are dropped, and passed off as of this one give no signature`() throws {
    for seed in 0..<16 as Range<UInt64> {
      let earlier = try SigningSession<S>(t: 3, n: 3, seed: seed)
      let recorded = try #require(earlier.run(Simulation(seed: seed))).sent
      let session = try SigningSession<S>(t: 3, n: 3, seed: seed + 1000)
      let corrupted = session.quorum[Int(seed) % 3]
      let replayed = recorded.filter { $0.sender == corrupted }

      let ignored = try #require(
        session.run(
          Simulation(seed: seed, corrupted: [corrupted]),
          adversary: Rewriting { message, _ in replayed.filter { $0.receiver == message.receiver } + [message] }))
      let signature = try session.combine(ignored.outcomes.values.map { try $0.get() })
      #expect(
        S.isValid(signature: signature, message: session.message, publicKey: session.key.publicKey.publicKey))

      let relabelled = try #require(
        session.run(
          Simulation(seed: seed, corrupted: [corrupted]),
          adversary: Rewriting { message, _ in
            replayed.filter { $0.receiver == message.receiver }.map { message.with(payload: $0.envelope.payload) }
          }))
      let contributions = relabelled.outcomes.values.compactMap { try? $0.get() }
      let failure = #expect(throws: AggregationFailure.self, "seed \(seed)") { try session.combine(contributions) }
      guard case .disputes(let disputes) = failure else {
        Issue.record("seed \(seed) ended with \(String(describing: failure))")
        continue
      }
      #expect(disputes.allSatisfy { $0.about == corrupted || $0.reporter == corrupted })
    }
  }

  @Test func `P7 a signer that copies another's commitments is named and gets no signature`() throws {
    for seed in 0..<16 as Range<UInt64> {
      let session = try SigningSession<S>(t: 3, n: 3, seed: seed)
      let (copycat, original) = (session.quorum[0], session.quorum[1])
      let result = try #require(
        session.run(
          Simulation(seed: seed, corrupted: [copycat]),
          adversary: Rewriting { message, seen in
            let copied = seen.first { $0.sender == original }?.envelope.payload
            return [message.with(payload: copied ?? message.envelope.payload)]
          }))
      var contributions = try result.outcomes.values.map { try $0.get() }
      // It shows the user the list that all others have, and does not know the nonces behind its own entry.
      let list = try #require(contributions.first { $0.share.party == original }?.commitments)
      let place = try #require(contributions.firstIndex { $0.share.party == copycat })
      contributions[place] = SigningContribution(commitments: list, share: contributions[place].share)
      #expect(throws: AggregationFailure.culprits([copycat])) { try session.combine(contributions) }
    }
  }

  @Test func `P9 signers that disagree on the session part without a word against each other`() throws {
    let session = try SigningSession<S>(t: 3, n: 3, seed: 1)
    let strayed = session.quorum[2]
    let outcomes = try #require(session.simulate(Simulation(seed: 1), strayed: strayed)).outcomes
    for (party, outcome) in outcomes {
      let missing = party == strayed ? session.quorum.others(than: strayed) : [strayed]
      #expect(throws: ProtocolAbort.missing(round: 1, missing)) { try outcome.get() }
    }
  }

  @Test func `P40 N without the host's deadline a silent signer keeps the others waiting for ever`() throws {
    let session = try SigningSession<S>(t: 3, n: 3, seed: 2)
    let silent = session.quorum[0]
    let silence = Rewriting { _, _ in [] }
    let ended = try #require(session.run(Simulation(seed: 2, corrupted: [silent]), adversary: silence))
    for (party, outcome) in ended.outcomes where party != silent {
      #expect(throws: ProtocolAbort.missing(round: 1, [silent])) { try outcome.get() }
    }
    #expect(
      session.simulate(Simulation(seed: 2, corrupted: [silent], hasDeadline: false), adversary: silence) == nil)
  }
}
