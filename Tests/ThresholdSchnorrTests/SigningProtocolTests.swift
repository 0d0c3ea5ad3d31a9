import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import Testing
import ThresholdSchnorr

@Suite struct SigningProtocolTests {
  @Test(arguments: signingPurposes, [(t: 2, n: 3), (3, 4), (4, 5)])
  func `a quorum signs in one round and the user combines`(_ purpose: KeyPurpose, _ size: (t: Int, n: Int)) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      for seed in 0..<8 {
        let session = try SigningSession<S>(t: size.t, n: size.n, seed: UInt64(seed))
        let result = try #require(session.run(Simulation(seed: UInt64(seed))))
        let contributions = try result.outcomes.values.map { try $0.get() }
        let signature = try session.combine(contributions)
        let publicKey = session.key.publicKey.publicKey
        #expect(S.isValid(signature: signature, message: session.message, publicKey: publicKey))
        #expect(result.sent.count == size.t * (size.t - 1))
      }
    }
    try check(suite(of: purpose))
  }

  /// One corrupted signer mistreats its messages in every way that needs no knowledge.
  @Test(arguments: signingPurposes, Tampering.allCases)
  func `P10 P11 P40 P41 no tampering gives a wrong signature or an honest culprit`(
    _ purpose: KeyPurpose, _ tampering: Tampering
  ) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      for seed in 0..<12 {
        let session = try SigningSession<S>(t: 3, n: 4, seed: UInt64(seed))
        let corrupted = session.quorum[seed % 3]
        let bit = seed * 37
        let result = session.run(
          Simulation(seed: UInt64(seed), corrupted: [corrupted]),
          adversary: Rewriting { message, _ in tampering.applied(to: message, bit: bit) })
        let outcomes = try #require(result).outcomes
        var contributions: [SigningContribution<S>] = []
        for (party, outcome) in outcomes where party != corrupted {
          switch outcome {
          case .success(let contribution): contributions.append(contribution)
          case .failure(let abort):
            #expect(abort.suspects(seenBy: party).keys.contains(corrupted))
            if case .blamed(let faults) = abort { #expect(Set(faults.keys) == [corrupted]) }
            if case .missing(_, let parties) = abort { #expect(parties == [corrupted]) }
          }
        }
        guard contributions.count == 2, let mine = try? outcomes[corrupted]?.get() else { continue }
        do throws(AggregationFailure) {
          let signature = try session.combine(contributions + [mine])
          let publicKey = session.key.publicKey.publicKey
          #expect(S.isValid(signature: signature, message: session.message, publicKey: publicKey))
        } catch {
          guard case .disputes(let disputes) = error else {
            Issue.record("ended with \(error)")
            continue
          }
          #expect(disputes.allSatisfy { $0.reporter == corrupted || $0.about == corrupted })
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P28 whoever shows different commitments to different signers gets no signature`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      for seed in 0..<8 {
        let session = try SigningSession<S>(t: 3, n: 3, seed: UInt64(seed))
        let (corrupted, victim) = (session.quorum[0], session.quorum[1])
        let other = [session.key.publicKey.publicKey, S.Group.generator].flatMap(\.canonicalBytes)
        let result = session.run(
          Simulation(seed: UInt64(seed), corrupted: [corrupted]),
          adversary: Rewriting { message, _ in
            message.receiver == victim ? [message.with(payload: other)] : [message]
          })
        let contributions = try #require(result).outcomes.values.map { try $0.get() }
        #expect(throws: AggregationFailure.disputes([CommitmentDispute(reporter: victim, about: corrupted)])) {
          try session.combine(contributions)
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test(arguments: signingPurposes)
  func `P25 P33 commitments that are no elements are a fault of their sender`(_ purpose: KeyPurpose) throws {
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let one = S.Group.generator.canonicalBytes
      let size = S.Group.elementByteCount
      for payload in [
        S.Group.Element.identity.canonicalBytes + one, one + S.Group.Element.identity.canonicalBytes,
        one + [UInt8](repeating: 0xff, count: size), [UInt8](repeating: 0, count: 2 * size), one, [],
      ] {
        let session = try SigningSession<S>(t: 2, n: 2, seed: 1)
        let (corrupted, honest) = (session.quorum[0], session.quorum[1])
        let result = session.run(
          Simulation(seed: 1, corrupted: [corrupted]),
          adversary: Rewriting { message, _ in [message.with(payload: payload)] })
        let outcome = try #require(result?.outcomes[honest])
        #expect(throws: ProtocolAbort.blamed([corrupted: .malformedMessage(round: 1, part: "commitments")])) {
          try outcome.get()
        }
      }
    }
    try check(suite(of: purpose))
  }

  @Test func `a session of other parties than the order's is a bug of the host`() async throws {
    let session = try SigningSession<FROSTEd25519>(t: 2, n: 3, seed: 1)
    let everybody = PartySet(allOf: session.key.threshold)
    let context = try SessionContext(
      session: session.id, me: session.quorum[0], parties: everybody, threshold: session.key.threshold)
    let mailbox = Mailbox(context, SigningProtocol.plan(for: FROSTEd25519.self, in: context))
    await #expect(throws: ProtocolAbort.internalFault("the session is not the order's")) {
      try await SigningProtocol.sign(
        session.order, share: session.key.share(of: session.quorum[0]),
        in: ProtocolSession(context, mailbox: mailbox, transport: NoTransport()), random: SeededRandom(seed: 1))
    }
  }
}

private struct NoTransport: SessionTransport {
  func send(_ envelope: Envelope, to party: PartyID) async {}
}
