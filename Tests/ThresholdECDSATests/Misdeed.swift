import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing

/// What a corrupted party does to one kind of its messages, drawn from a seed so that a sweep meets every pair of kind
/// and message.
struct Misdeed: Sendable {
  enum Kind: Int, Sendable, CaseIterable {
    case drop
    case duplicate
    case flip
    /// Another session's real message of the same sender, receiver, round and channel.
    case replay
    case wrongSender
    /// Only one receiver gets something else, or two messages in one place.
    case equivocate
  }

  /// A round and a channel.
  struct Place: Sendable, Hashable {
    let round: UInt8
    let channel: Channel
  }

  let kind: Kind
  let place: Place
  let bit: Int
  let victim: PartyID
  let recorded: [SimulatedMessage]

  /// - Parameter recorded: every message of another session of the same parties.
  init(
    _ seed: UInt64, places: [Place], victims: [PartyID], recorded: [SimulatedMessage], from random: inout SeededRandom
  ) {
    let cell = Int(seed % UInt64(places.count * Kind.allCases.count))
    kind = Kind.allCases[cell % Kind.allCases.count]
    place = places[cell / Kind.allCases.count]
    bit = random.next(below: 1 << 20)
    victim = victims[random.next(below: victims.count)]
    self.recorded = recorded
  }

  var adversary: Rewriting {
    Rewriting { message, _ in
      guard Place(round: message.envelope.round, channel: message.envelope.channel) == place else { return [message] }
      switch kind {
      case .drop: return message.receiver == victim ? [] : [message]
      case .duplicate: return Tampering.duplicate.applied(to: message, bit: bit)
      case .flip: return Tampering.flip.applied(to: message, bit: bit)
      case .replay:
        let earlier = recorded.first {
          $0.sender == message.sender && $0.receiver == message.receiver
            && $0.envelope.round == place.round && $0.envelope.channel == place.channel
        }
        return [earlier.map { message.with(payload: $0.envelope.payload) } ?? message]
      case .wrongSender: return Tampering.wrongSender.applied(to: message, bit: bit)
      case .equivocate:
        guard message.receiver == victim else { return [message] }
        return Tampering.overwrite.applied(to: message, bit: bit)
      }
    }
  }
}
