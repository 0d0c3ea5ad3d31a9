import Identifiers
public import Rounds
import SecretSharing

/// The ways to mistreat one message that need no knowledge of the protocol.
public enum Tampering: Sendable, CaseIterable {
  case drop
  /// One bit of the payload changes.
  case flip
  /// The message arrives twice.
  case duplicate
  /// The message arrives, and then another in its place.
  case overwrite
  /// The message claims to belong to another run.
  case wrongSession
  /// The message comes from somebody who takes no part.
  case wrongSender
  /// The message comes on every channel but its own.
  case wrongChannel
  /// The message comes in the following round as well.
  case wrongRound
  case truncate
  case extend
  /// Far more bytes than any message has.
  case bloat

  public func applied(to message: SimulatedMessage, bit: Int) -> [SimulatedMessage] {
    switch self {
    case .drop: return []
    case .flip: return [message.with(payload: flipped(message.envelope.payload, bit))]
    case .duplicate: return [message, message]
    case .overwrite: return [message, message.with(payload: flipped(message.envelope.payload, bit))]
    case .wrongSession: return [message.with(session: flipped(message.envelope.session.bytes, bit))]
    case .wrongSender: return [message.with(sender: Threshold.maximumPartyCount)]
    case .wrongChannel:
      return Channel.allCases.filter { $0 != message.envelope.channel }.map { message.with(channel: $0) }
    case .wrongRound: return [message, message.with(round: message.envelope.round &+ 1)]
    case .truncate: return [message.with(payload: Array(message.envelope.payload.dropLast()))]
    case .extend: return [message.with(payload: message.envelope.payload + [0])]
    case .bloat: return [message.with(payload: [UInt8](repeating: 0, count: 1 << 20))]
    }
  }

  private func flipped(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
    guard !bytes.isEmpty else { return [1] }
    var flipped = bytes
    flipped[bit / 8 % bytes.count] ^= 1 << UInt8(bit % 8)
    return flipped
  }
}

extension SimulatedMessage {
  public func with(payload: [UInt8]) -> SimulatedMessage {
    with(Envelope(session: envelope.session, round: envelope.round, channel: envelope.channel, payload: payload))
  }

  public func with(round: UInt8) -> SimulatedMessage {
    with(Envelope(session: envelope.session, round: round, channel: envelope.channel, payload: envelope.payload))
  }

  public func with(channel: Channel) -> SimulatedMessage {
    with(Envelope(session: envelope.session, round: envelope.round, channel: channel, payload: envelope.payload))
  }

  func with(session: [UInt8]) -> SimulatedMessage {
    let session = (try? SessionID(bytes: session)) ?? envelope.session
    return with(
      Envelope(session: session, round: envelope.round, channel: envelope.channel, payload: envelope.payload))
  }

  func with(sender: Int) -> SimulatedMessage {
    let stranger = (try? PartyID(UInt16(clamping: sender))) ?? self.sender
    return SimulatedMessage(sender: stranger, receiver: receiver, envelope: envelope)
  }

  private func with(_ envelope: Envelope) -> SimulatedMessage {
    SimulatedMessage(sender: sender, receiver: receiver, envelope: envelope)
  }
}
