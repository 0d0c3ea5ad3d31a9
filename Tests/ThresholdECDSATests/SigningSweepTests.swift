import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Signatures
import Testing

@testable import ThresholdECDSA

/// One corrupted signer, and what it does to one kind of its messages.
///
/// Quorums of two, every tenth of three: more signers repeat what these show and cost more. Set-ups are dealt, and serve
/// run after run until one burns.
@Suite struct SigningSweepTests {
  private static let places = [
    Misdeed.Place(round: 1, channel: .broadcast), .init(round: 1, channel: .direct), .init(round: 1, channel: .echo),
    .init(round: 2, channel: .direct),
  ]

  /// A request of its own for every seed, on the set-ups of the one before.
  private struct Series {
    private var current: [Int: SigningRun] = [:]
    private var recorded: [Int: [SimulatedMessage]] = [:]

    mutating func next(_ t: Int, seed: UInt64) throws -> (run: SigningRun, recorded: [SimulatedMessage]) {
      var run: SigningRun
      if let known = current[t], known.setups.values.allSatisfy({ $0.values.allSatisfy { $0.condition == .ready } }) {
        run = known
      } else {
        run = try SigningRun(t: t, n: t + 1, seed: seed)
        recorded[t] = try run.run(seed: seed)?.sent
      }
      var random = SeededRandom(seed: seed &+ 0xec)
      run.session = try SessionID(bytes: random.bytes(32))
      run.digest = try Digest32(bytes: random.bytes(32))
      current[t] = run
      return (run, recorded[t] ?? [])
    }
  }

  @Test(arguments: Seeds.parts)
  func `P3 P7 P8 P10 P11 P12 P28 P40 P41 whatever one signer does, a signature is valid or nobody honest is blamed`(
    part: Int
  ) throws {
    var invariants = SigningInvariants()
    var series = Series()
    var kinds: [Misdeed.Kind: Int] = [:]
    var signed = 0
    for seed in Seeds.part(part, of: 700) {
      var random = SeededRandom(seed: seed &+ 0xec05a)
      let (run, recorded) = try series.next(seed / 8 % 10 == 9 ? 3 : 2, seed: seed)
      let cheater = run.quorum[random.next(below: run.quorum.count)]
      let misdeed = Misdeed(
        seed / 8, places: Self.places, victims: run.quorum.others(than: cheater), recorded: recorded, from: &random)
      let (result, living) = try Invariants.run {
        try run.run(seed: seed, corrupted: [cheater], adversary: misdeed.adversary)
      }
      let ended = try #require(result, "seed \(seed) hangs")
      let signature = try invariants.check(
        run, ended.outcomes, sent: ended.sent, corrupted: [cheater], livingSecrets: living)
      if signature != nil { signed += 1 }
      // A message that comes twice changes nothing.
      if misdeed.kind == .duplicate { #expect(signature != nil, "seed \(seed)") }
      kinds[misdeed.kind, default: 0] += 1
    }
    #expect(invariants.violations.isEmpty)
    #expect(kinds.count == Misdeed.Kind.allCases.count && signed > 0)
  }

  @Test func `P41 a signer that accuses an honest one is believed by nobody`() throws {
    let run = try SigningRun(t: 3, n: 4, seed: 90)
    let (cheater, accused) = (run.quorum[0], run.quorum[1])
    let notice = ProtocolAbort.blamed([accused: .failedCheck(round: 1, name: "OT extension")]).encodedNotice
    let (result, living) = try Invariants.run {
      try run.run(
        seed: 1, corrupted: [cheater],
        adversary: Rewriting { message, _ in
          message.envelope.round == 1 && message.envelope.channel == .direct
            ? [message.with(round: 0).with(channel: .abort).with(payload: notice)] : []
        })
    }
    let ended = try #require(result)
    var invariants = SigningInvariants()
    _ = try invariants.check(run, ended.outcomes, sent: ended.sent, corrupted: [cheater], livingSecrets: living)
    #expect(invariants.violations.isEmpty)
    #expect(ended.outcomes[accused] != nil)
    for party in run.quorum.others(than: cheater) {
      guard case .failure(.disagreement(let sets)) = ended.outcomes[party] else {
        Issue.record("\(String(describing: ended.outcomes[party]))")
        continue
      }
      #expect(sets.allSatisfy { $0.contains(cheater) })
    }
  }

  // MARK: That the invariants can fail

  /// A link that believes what a message says about its sender.
  @Test func `P10 P41 N where a message says who sent it, an honest signer is blamed`() throws {
    let run = try SigningRun(t: 3, n: 4, seed: 91)
    let (cheater, framed) = (run.quorum[0], run.quorum[1])
    let result = try #require(
      try run.run(
        seed: 1, corrupted: [cheater],
        adversary: Rewriting { message, _ in
          guard message.envelope.round == 1, message.envelope.channel == .broadcast, message.receiver != framed else {
            return [message]
          }
          let claimed = SimulatedMessage(
            sender: framed, receiver: message.receiver, envelope: message.envelope)
          return [message] + Tampering.flip.applied(to: claimed, bit: 3)
        }))
    var invariants = SigningInvariants()
    _ = try invariants.check(run, result.outcomes, sent: result.sent, corrupted: [cheater], livingSecrets: nil)
    #expect(
      invariants.violations.contains {
        if case .common(.honestNamed) = $0 { true } else { false }
      })
  }

  @Test func `P17 P25 N the invariants see a set-up that burned for nothing, two nonce points and a used nonce`() throws
  {
    let run = try SigningRun(t: 2, n: 3, seed: 92)
    let (one, two) = (run.quorum[0], run.quorum[1])
    let result = try #require(try run.run(seed: 1))
    var invariants = SigningInvariants()
    #expect(try invariants.check(run, result.outcomes, sent: result.sent, corrupted: [], livingSecrets: 0) != nil)
    #expect(invariants.violations.isEmpty)

    var outcomes = result.outcomes
    let good = try #require(try outcomes[two]?.get())
    outcomes[two] = .success(
      ECDSAContribution(
        noncePoint: Secp256k1.generator, denominator: good.denominator, numerator: good.numerator))
    let sent = result.sent.map { message in
      message.sender == one && message.envelope.round == 2 ? message.with(payload: [1]) : message
    }
    run.setups[one]?[two]?.burn()
    _ = try invariants.check(run, outcomes, sent: sent, corrupted: [], livingSecrets: 1)
    #expect(
      Set(invariants.violations)
        == [.burning(one, two), .noncePoints, .common(.nonceReused(one)), .common(.secretsLeft(1))])
  }

  @Test func `P40 N without the host's deadline a silent signer keeps the others waiting for ever`() throws {
    let run = try SigningRun(t: 3, n: 4, seed: 93)
    let silent = run.quorum[0]
    let silence = Rewriting { _, _ in [] }
    let ended = try #require(try run.run(seed: 2, corrupted: [silent], adversary: silence))
    for party in run.quorum.others(than: silent) {
      #expect(ended.outcomes[party] == .failure(.missing(round: 1, [silent])))
    }
    let endless = try run.run(seed: 2, corrupted: [silent], adversary: silence, hasDeadline: false)
    #expect(endless == nil)
  }

  /// Nothing of a session that lost a signer in its last round is in the way of the next.
  @Test func `P4 P40 a signer silent in the last round is named, and the same set-ups sign the next request`() throws {
    var run = try SigningRun(t: 3, n: 4, seed: 94)
    let (silent, victim) = (run.quorum[0], run.quorum[1])
    let result = try #require(
      try run.run(
        seed: 1, corrupted: [silent],
        adversary: Rewriting { message, _ in
          message.envelope.round == 2 && message.receiver == victim ? [] : [message]
        }))
    #expect(result.outcomes[victim] == .failure(.missing(round: 2, [silent])))
    #expect(throws: ECDSACombinationFailure.missing([victim])) {
      try run.combine(result.outcomes.filter { $0.key != victim })
    }
    run.session = try SessionID(bytes: [UInt8](repeating: 1, count: 32))
    _ = try run.combine(try #require(try run.run(seed: 2)).outcomes)
  }
}
