import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Testing

struct EchoBroadcastTests {
  private func corruptedTwo() throws -> Set<PartyID> { [try party(2)] }

  /// Party 2 tells party 3 something else than everybody else.
  private var equivocation: Rewriting {
    Rewriting { message, _ in
      guard message.envelope.channel == .broadcast, message.receiver.value == 3 else { return [message] }
      return [message.with(payload: [99])]
    }
  }

  @Test func `everybody sees the same`() throws {
    for seed in Seeds.range(100) {
      let outcomes = try ToyRun(seed: seed, deals: true).run()
      for (party, outcome) in outcomes {
        let gifts = (1...4).filter { $0 != party.value }.map { UInt8(10 * $0 + party.value) }
        #expect(outcome == .saw([1, 2, 3, 4] + gifts))
      }
    }
  }

  /// A run of four takes a fraction of a millisecond, so every seed is a run of its own.
  @Test(arguments: Seeds.parts)
  func `P3 P11 P40 P41 whatever one party sends, the honest ones see the same or name it`(part: Int) throws {
    var abortedRuns = 0
    for seed in Seeds.part(part) {
      var random = SeededRandom(seed: seed &+ 0xec40)
      let cheater = try party(UInt16(1 + random.next(below: 4)))
      let tamperings = (0..<2).map { _ in Tampering.allCases[random.next(below: Tampering.allCases.count)] }
      let victims = random.next(below: 16)
      let channels = [[Channel.broadcast], [.echo], [.broadcast, .echo], Channel.allCases][random.next(below: 4)]
      let bit = random.next(below: 1 << 12)
      let adversary = Rewriting { message, _ in
        guard channels.contains(message.envelope.channel) else { return [message] }
        let isVictim = victims & (1 << (Int(message.receiver.value) - 1)) != 0
        return tamperings[isVictim ? 1 : 0].applied(to: message, bit: bit)
      }
      // The run checks the invariants itself.
      let outcomes = try ToyRun(seed: seed, corrupted: [cheater], deals: seed % 2 == 0).run(adversary)
      if outcomes.contains(where: { $0.key != cheater && $0.value.abort != nil }) { abortedRuns += 1 }
    }
    #expect(abortedRuns > 0)
  }

  @Test func `P3 equivocation is noticed by every honest party`() throws {
    for seed in Seeds.range(100) {
      let outcomes = try ToyRun(seed: seed, corrupted: corruptedTwo()).run(equivocation)
      for (party, outcome) in outcomes where party.value != 2 {
        guard let abort = outcome.abort else {
          Issue.record("\(party) finished")
          continue
        }
        #expect(abort.suspects(seenBy: party).keys.contains(try RoundsTests.party(2)))
        if case .blamed(let faults) = abort { #expect(Set(faults.keys) == (try corruptedTwo())) }
      }
    }
  }

  @Test func `P3 N without the echo the same equivocation splits the honest parties`() throws {
    let outcomes = try ToyRun(corrupted: corruptedTwo(), isWithoutEcho: true).run(equivocation)
    #expect(outcomes[try party(1)] == .saw([1, 2, 3, 4]))
    #expect(outcomes[try party(3)] == .saw([1, 99, 3, 4]))
  }

  @Test func `P41 an echo that lies about a third party names no honest one for certain`() throws {
    let lie = Rewriting { message, _ in
      guard message.envelope.channel == .echo else { return [message] }
      var payload = message.envelope.payload
      payload[3 * 32] ^= 1
      return [message.with(payload: payload)]
    }
    let outcomes = try ToyRun(corrupted: corruptedTwo()).run(lie)
    // About party 4: parties 1 and 3 cannot tell who lies, party 4 itself can.
    let open = ProtocolAbort.disagreement([try PartySet([party(2), party(4)])])
    #expect(outcomes[try party(1)]?.abort == open)
    #expect(outcomes[try party(3)]?.abort == open)
    #expect(outcomes[try party(4)]?.abort == .blamed([try party(2): .contradictoryEcho(round: 1)]))
  }

  @Test func `a malformed message names its sender to everybody alike`() throws {
    let garble = Rewriting { message, _ in
      message.envelope.channel == .broadcast ? [message.with(payload: [255])] : [message]
    }
    // Party 2 must echo what it sent, so it sends the same to all but its own view differs: everybody finds it out.
    let outcomes = try ToyRun(corrupted: corruptedTwo(), isWithoutEcho: true).run(garble)
    for (party, outcome) in outcomes where party.value != 2 {
      #expect(
        outcome.abort == .blamed([try RoundsTests.party(2): .malformedMessage(round: 1, part: "note")]))
    }
  }

  @Test func `P40 whoever is silent to one only is not taken for somebody else`() throws {
    let silence = Rewriting { message, _ in message.receiver.value == 3 ? [] : [message] }
    for seed in Seeds.range(100) {
      let outcomes = try ToyRun(seed: seed, corrupted: corruptedTwo()).run(silence)
      #expect(outcomes[try party(3)]?.abort == .missing(round: 1, [try party(2)]))
      for other in [1, 4] as [UInt16] {
        #expect(outcomes[try party(other)]?.abort == .disagreement([try PartySet([party(2), party(3)])]))
      }
    }
  }

  @Test func `P40 P41 N without notices whoever waits in vain is itself called missing`() throws {
    let silence = Rewriting { message, _ in message.receiver.value == 3 ? [] : [message] }
    let run = ToyRun(seed: 1, corrupted: try corruptedTwo(), isWithoutNotices: true)
    let outcomes = try run.run(silence)
    #expect(outcomes[try party(1)]?.abort == .missing(round: 1, [try party(3)]))
    #expect(!run.violations(of: outcomes).isEmpty)
  }

  @Test func `P41 a false notice accuses nobody but its sender for certain`() throws {
    // Party 2 sends nothing but the word that party 4 cheated.
    let accusation = Rewriting { message, _ in
      guard message.envelope.channel == .broadcast else { return [] }
      return [message.with(round: 0).with(channel: .abort).with(payload: [1, 1, 0, 4])]
    }
    let outcomes = try ToyRun(corrupted: corruptedTwo()).run(accusation)
    for honest in [1, 3, 4] as [UInt16] {
      #expect(outcomes[try party(honest)]?.abort == .disagreement([try PartySet([party(2), party(4)])]))
    }
  }

  @Test(arguments: [
    [], [0], [1, 0], [1, 1, 0, 9], [1, 1, 0, 0], [1, 2, 0, 4, 0, 3], [2, 1, 0, 4], [1, 1, 0, 4, 7],
  ])
  func `P36 T13 a malformed notice names its sender`(payload: [UInt8]) throws {
    let garbage = Rewriting { message, _ in
      [message.with(round: 0).with(channel: .abort).with(payload: payload)]
    }
    let outcomes = try ToyRun(corrupted: corruptedTwo()).run(garbage)
    for honest in [1, 3, 4] as [UInt16] {
      let abort = try #require(outcomes[try party(honest)]?.abort)
      if payload == [0] {
        #expect(abort == .missing(round: 1, [try party(2)]), "stopped without a reason")
      } else {
        #expect(abort == .blamed([try party(2): .malformedMessage(round: 0, part: "abort notice")]))
      }
    }
  }
}
