import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Testing
import Transcripts

@testable import KeyGeneration

/// A corrupted member, and what it does in one run, all drawn from a seed.
///
/// Three members, so that 10³ different runs stay affordable: a whole key generation of all purposes costs each member
/// some ten milliseconds, and most attacks end it early. Every tenth run has four members.
private struct DrawnAttack {
  let run: KeyGenerationRun
  let cheater: PartyID
  private var random: SeededRandom

  init(seed: UInt64) throws {
    random = SeededRandom(seed: seed &+ 0x5eed)
    run = try KeyGenerationRun(seed % 10 == 9 ? 4 : 3, seed: seed)
    cheater = try PartyID(UInt16(1 + random.next(below: run.count)))
  }

  /// Two in three runs mistreat messages without understanding them, the others break the protocol knowingly.
  mutating func perform() throws -> KeyGenerationRun.Result? {
    random.next(below: 3) > 0
      ? try run.run(corrupted: [cheater], adversary: tampering())
      : try run.run(corruptions: [cheater: deviation().corruption])
  }

  /// One kind of mistreatment, of one round and channel or of every message of a few rounds, for one receiver or all.
  private mutating func tampering() throws -> Rewriting {
    let tampering = Tampering.allCases[random.next(below: Tampering.allCases.count)]
    let firstRound = UInt8(1 + random.next(below: 5))
    let lastRound = firstRound + UInt8(random.next(below: 2))
    let channels = [[Channel.broadcast], [.echo], [.broadcast, .echo]][random.next(below: 3)]
    let victim = random.next(below: 2) == 0 ? nil : run.members[random.next(below: run.count)].party
    let bit = random.next(below: 1 << 16)
    return Rewriting { message, _ in
      guard firstRound <= message.envelope.round, message.envelope.round <= lastRound,
        channels.contains(message.envelope.channel), victim == nil || victim == message.receiver
      else { return [message] }
      return tampering.applied(to: message, bit: bit)
    }
  }

  private mutating func deviation() throws -> DeviantDealer {
    let slot = random.next(below: RootSlot.all.count)
    let place = random.next(below: 1 << 16)
    let change = UInt8(1 + random.next(below: 255))
    @Sendable func changed(_ bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      if !bytes.isEmpty { bytes[place % bytes.count] ^= change }
      return bytes
    }
    switch random.next(below: 6) {
    case 0:
      return DeviantDealer(opening: { $0.with(offer: changed($0.offers[slot]), at: slot) })
    case 1:
      return DeviantDealer(lateOpening: { $0.with(offer: changed($0.offers[slot]), at: slot) })
    case 2:
      return DeviantDealer(opening: { $0.with(offer: $0.offers[(slot + 1) % RootSlot.all.count], at: slot) })
    case 3:
      return DeviantDealer(sealed: { shares, _ in
        var boxes = shares.boxes
        boxes[place % boxes.count] = changed(boxes[place % boxes.count])
        return SealedShares(boxes: boxes)
      })
    case 4:
      let accused = run.members.map(\.party).filter { _ in random.next(below: 2) == 0 }
      return DeviantDealer(accused: accused.isEmpty ? [run.members[0].party] : accused)
    default:
      return DeviantDealer(confirmation: { Confirmation(digest: .sha256(of: $0.digest.bytes)) })
    }
  }
}

struct TamperingSweepTests {
  @Test(arguments: Seeds.parts)
  func `P1 P2 P3 P5 P6 P11 P40 P41 whatever one member does, there is one key or none and no honest culprit`(
    part: Int
  ) throws {
    var abortedRuns = 0
    var finishedRuns = 0
    for seed in Seeds.part(part) {
      var attack = try DrawnAttack(seed: seed)
      let cheater = attack.cheater
      // The run checks the invariants itself.
      let result = try #require(try attack.perform(), "seed \(seed) hangs")
      let honest = result.outcomes.filter { $0.key != cheater }.values
      // Whoever finished has shares that are what all would certify.
      for case .keys(let kept) in honest.prefix(seed % 16 == 0 ? 1 : 0) {
        #expect(kept.isConsistent, "seed \(seed)")
      }
      if honest.contains(where: { $0.abort != nil }) { abortedRuns += 1 } else { finishedRuns += 1 }
    }
    // Both happen, else the sweep shows only one half of what it says.
    #expect(abortedRuns > 0 && finishedRuns > 0)
  }
}
