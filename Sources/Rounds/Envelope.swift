public import Identifiers

/// How a message of a round travels.
public enum Channel: UInt8, Sendable, Hashable, CaseIterable {
  /// Meant for one party; parties get different messages.
  case direct = 1
  /// The same for everybody.
  case broadcast = 2
  /// What a party received as broadcasts, so that everybody can see that all received the same.
  case echo = 3
  /// The sender has stopped; see ``AbortNotice``.
  case abort = 4
}

/// One message of one run. It does not say who sent it: that is whom the link belongs to.
public struct Envelope: Sendable, Hashable {
  public let session: SessionID
  public let round: UInt8
  public let channel: Channel
  public let payload: [UInt8]

  public init(session: SessionID, round: UInt8, channel: Channel, payload: [UInt8]) {
    self.session = session
    self.round = round
    self.channel = channel
    self.payload = payload
  }

  /// `session (32) ‖ u8 round ‖ u8 channel ‖ lp(payload)`.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.raw(session.bytes)
    writer.u8(round)
    writer.u8(channel.rawValue)
    writer.lp(payload)
    return writer.bytes
  }

  /// - Throws: ``MalformedMessage`` for anything but what ``encoded`` gives, and for payloads beyond the limit.
  public init(encoded: [UInt8], payloadLimit: Int) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      let session = try SessionID(bytes: reader.raw(SessionIDKind.byteCount))
      let round = try reader.u8()
      guard let channel = Channel(rawValue: try reader.u8()) else { throw MalformedMessage("channel") }
      let payload = try reader.lp(limit: payloadLimit)
      try reader.finish()
      self.init(session: session, round: round, channel: channel, payload: payload)
    } catch {
      throw MalformedMessage("envelope")
    }
  }
}
