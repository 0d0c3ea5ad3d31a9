import Identifiers
import KeyGeneration
import ProtocolTestKit
import Rounds
import SecretSharing
import Testing

/// One corrupted member of four, one kind of mistreatment, one round and channel.
struct TamperingTests {
  struct Place: Sendable, CustomTestStringConvertible {
    let round: UInt8
    let channel: Channel
    var testDescription: String { "round \(round) \(channel)" }

    static let all =
      (1...4).map { Place(round: $0, channel: .broadcast) } + (1...4).map { Place(round: $0, channel: .echo) }
      + [Place(round: 5, channel: .broadcast)]
  }

  private func sweep(_ place: Place, _ tamperings: [Tampering], onlyReceiver victim: PartyID?) throws -> Int {
    let cheater = try party(2)
    var abortedRuns = 0
    for (index, tampering) in tamperings.enumerated() {
      let seed = UInt64(place.round) * 100 + UInt64(index)
      let adversary = Rewriting { message, _ in
        guard message.envelope.round == place.round, message.envelope.channel == place.channel,
          victim == nil || victim == message.receiver
        else { return [message] }
        return tampering.applied(to: message, bit: 77)
      }
      let result = try #require(
        try KeyGenerationRun(4, seed: seed).run(corrupted: [cheater], adversary: adversary), "\(tampering) hangs")
      #expect(result.violations(corrupted: [cheater]).isEmpty, "\(tampering)")
      let honestAborts = result.outcomes.filter { $0.key != cheater && $0.value.abort != nil }.count
      if honestAborts > 0 { abortedRuns += 1 }
      if tampering == .duplicate { #expect(honestAborts == 0, "a repeated message harms nobody") }
    }
    return abortedRuns
  }

  @Test(arguments: Place.all)
  func `P3 P11 P40 P41 mistreating every copy of a message stops the honest and blames no honest one`(
    place: Place
  ) throws {
    let aborted = try sweep(place, Tampering.allCases, onlyReceiver: nil)
    // Behind a good message of the last round nobody waits for a bad one any more.
    #expect(aborted >= Tampering.allCases.count - (place.round == 5 ? 3 : 1))
  }

  @Test(arguments: Place.all)
  func `P3 P4 mistreating one receiver's copy never makes two keys and blames no honest one`(place: Place) throws {
    let aborted = try sweep(place, [.drop, .flip, .overwrite], onlyReceiver: try party(3))
    // Nobody waits any more for what overwrites a message of the last round.
    #expect(aborted >= (place.round == 5 ? 2 : 3))
  }
}
