import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

/// One corrupted signer: what it does to its commitments on the way, and to its share at the end, drawn from a seed.
///
/// Quorums of two and three, in turn of all purposes: more signers repeat what these show and cost more. A run takes a
/// few milliseconds, so every seed is a run of its own.
struct SigningSweepTests {
  @Test(arguments: Seeds.parts)
  func `P3 P7 P11 P28 P29 P40 P41 whatever one signer does, a signature is valid or nobody honest is blamed`(
    part: Int
  ) throws {
    var signedRuns = 0
    var invariants = Invariants()
    for seed in Seeds.part(part) {
      func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws -> Bool {
        try attack(suite, seed: seed, &invariants)
      }
      let purpose = signingPurposes[Int(seed / 8) % signingPurposes.count]
      if try check(ThresholdSchnorrTests.suite(of: purpose)) { signedRuns += 1 }
    }
    #expect(invariants.violations.isEmpty)
    #expect(signedRuns > 0)
  }

  /// - Returns: whether there was a signature.
  private func attack<S: CertifiedSchnorrSuite>(
    _ suite: S.Type, seed: UInt64, _ invariants: inout Invariants
  ) throws -> Bool {
    var random = SeededRandom(seed: seed &+ 0xf057)
    let t = 2 + random.next(below: 2)
    let session = try SigningSession<S>(t: t, n: t + random.next(below: 2), seed: seed)
    let corrupted = session.quorum[random.next(below: t)]
    let result = session.run(
      Simulation(seed: seed, corrupted: [corrupted]), adversary: adversary(session, corrupted, &random),
      watchedBy: &invariants)
    let outcomes = try #require(result, "seed \(seed) hangs").outcomes
    let honest = outcomes.filter { $0.key != corrupted }.values.compactMap { try? $0.get() }
    guard honest.count == t - 1, let mine = try? outcomes[corrupted]?.get() else { return false }

    let response =
      switch random.next(below: 4) {
      case 0: mine.share.response + S.Group.Scalar(random.next() | 1)
      case 1: -mine.share.response
      default: mine.share.response
      }
    let given = SigningContribution(
      commitments: mine.commitments, share: SignatureShare<S>(party: corrupted, response: response))
    do throws(AggregationFailure) {
      let signature = try session.combine(honest + [given])
      invariants.checkSignature(
        isValid: S.isValid(
          signature: signature, message: session.message, publicKey: session.key.publicKey.publicKey))
      return true
    } catch {
      switch error {
      case .culprits(let parties):
        #expect(parties == [corrupted], "seed \(seed)")
      case .disputes(let disputes):
        #expect(disputes.allSatisfy { $0.reporter == corrupted || $0.about == corrupted }, "seed \(seed)")
      default:
        Issue.record("seed \(seed) ended with \(error)")
      }
      return false
    }
  }

  private func adversary<S: CertifiedSchnorrSuite>(
    _ session: SigningSession<S>, _ corrupted: PartyID, _ random: inout SeededRandom
  ) -> Rewriting {
    let victim = random.next(below: 2) == 0 ? nil : session.quorum[random.next(below: session.quorum.count)]
    let tampering = Tampering.allCases[random.next(below: Tampering.allCases.count)]
    let bit = random.next(below: 1 << 12)
    let way = random.next(below: 4)
    return Rewriting { message, seen in
      guard victim == nil || victim == message.receiver else { return [message] }
      switch way {
      case 0: return [message]
      case 1:
        // Another's commitments, byte for byte, which it has seen before it speaks.
        let other = seen.first { $0.sender != corrupted && $0.envelope.channel == .broadcast }
        return [other.map { message.with(payload: $0.envelope.payload) } ?? message]
      default: return tampering.applied(to: message, bit: bit)
      }
    }
  }
}
