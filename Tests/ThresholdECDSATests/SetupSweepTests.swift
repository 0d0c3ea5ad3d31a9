import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Testing

@testable import ThresholdECDSA

/// One corrupted end, and what it does to one of its messages.
@Suite struct SetupSweepTests {
  private static let places = (UInt8(1)...4).map { Misdeed.Place(round: $0, channel: .direct) }

  /// Keeps of a set-up no more than its id, so that its secrets are gone when the run is over.
  private typealias Ending = Result<Digest32, ProtocolAbort>

  private static func simulate(
    seed: UInt64, session: SessionID, corrupted: Set<PartyID> = [], adversary: some Adversary = HonestNetwork()
  ) throws -> Simulation.Result<Ending>? {
    try SetupRun.simulate(session: session, seed: seed, corrupted: corrupted, adversary: adversary) {
      $1.map(\.id)
    }
  }

  private static func endings(_ outcomes: [PartyID: Ending]) -> [PartyID: Invariants.Ending] {
    outcomes.mapValues { outcome in
      switch outcome {
      // Two ends of one session that have a set-up have the same.
      case .success(let id): Invariants.Ending(publicKey: id.bytes)
      case .failure(let abort): Invariants.Ending(abort: abort)
      }
    }
  }

  @Test(arguments: Seeds.parts)
  func `P3 P4 P6 P7 P8 P10 P11 P12 P40 P41 whatever one end does, there is one set-up or none and no honest culprit`(
    part: Int
  ) throws {
    let parties = try [PartyID(1), PartyID(2)]
    let recorded = try #require(try Self.simulate(seed: 1 << 40, session: SetupRun.session(9))).sent
    var invariants = Invariants()
    var finished = 0
    var aborted = 0
    for seed in Seeds.part(part, of: 300) {
      var random = SeededRandom(seed: seed &+ 0x5e7)
      let cheater = parties[random.next(below: 2)]
      let misdeed = Misdeed(
        seed / 8, places: Self.places, victims: parties.filter { $0 != cheater }, recorded: recorded, from: &random)
      let (result, living) = try Invariants.run {
        try Self.simulate(
          seed: seed, session: SetupRun.session(), corrupted: [cheater], adversary: misdeed.adversary)
      }
      let ended = try #require(result, "seed \(seed) hangs")
      // The cheater's own end counts for honest where ids are compared: it runs the protocol.
      let endings = Self.endings(ended.outcomes)
      if Set(endings.values.compactMap(\.publicKey)).count > 1 { Issue.record("seed \(seed): two set-ups") }
      invariants.check(endings, corrupted: [cheater], livingSecrets: living)
      let honest = endings.filter { $0.key != cheater }.values
      if honest.contains(where: { $0.abort != nil }) { aborted += 1 } else { finished += 1 }
      if misdeed.kind == .duplicate { #expect(honest.allSatisfy { $0.abort == nil }, "seed \(seed)") }
    }
    #expect(invariants.violations.isEmpty)
    #expect(finished > 0 && aborted > 0)
  }

  @Test func `P40 N without the host's deadline a silent end keeps the other waiting for ever`() throws {
    let (honest, silent) = (try PartyID(1), try PartyID(2))
    for round in UInt8(1)...4 {
      let silence = Rewriting { message, _ in
        message.envelope.round >= round || message.envelope.channel == .abort ? [] : [message]
      }
      let ended = try #require(
        try Self.simulate(seed: 5, session: SetupRun.session(), corrupted: [silent], adversary: silence))
      #expect(ended.outcomes[honest] == .failure(.missing(round: round, [silent])))
      let endless = try SetupRun.simulate(
        seed: 5, corrupted: [silent], adversary: silence, hasDeadline: false
      ) { $1.map(\.id) }
      #expect(endless == nil)
    }
  }

  @Test func `P41 N a network that changes what an honest end says gets it blamed, and the invariants see that`() throws
  {
    let changed = try PartyID(2)
    let result = try #require(
      try Self.simulate(
        seed: 6, session: SetupRun.session(), corrupted: [changed],
        adversary: Rewriting { message, _ in
          message.envelope.round == 2 ? Tampering.flip.applied(to: message, bit: 9) : [message]
        }))
    var invariants = Invariants()
    invariants.check(Self.endings(result.outcomes), corrupted: [], livingSecrets: 0)
    #expect(
      invariants.violations.contains(
        .honestNamed(
          by: try PartyID(1), .blamed([changed: .failedCheck(round: 2, name: "seed commitment")]))))
  }
}
