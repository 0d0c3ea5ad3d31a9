import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Testing

struct EnvelopeTests {
  @Test func `an envelope comes back as it was, and its bytes are fixed`() throws {
    let envelope = Envelope(session: .zero, round: 3, channel: .echo, payload: [5, 6])
    #expect(envelope.encoded == [UInt8](repeating: 0, count: 32) + [3, 3, 0, 0, 0, 2, 5, 6])
    #expect(try Envelope(encoded: envelope.encoded, payloadLimit: 2) == envelope)
  }

  @Test func `T11 T13 P36 anything but a whole envelope within the limit is refused`() throws {
    let good = Envelope(session: .zero, round: 3, channel: .echo, payload: [5, 6]).encoded
    for length in 0..<good.count {
      #expect(throws: MalformedMessage.self) { _ = try Envelope(encoded: Array(good.prefix(length)), payloadLimit: 9) }
    }
    #expect(throws: MalformedMessage.self) { _ = try Envelope(encoded: good + [0], payloadLimit: 9) }
    #expect(throws: MalformedMessage.self) { _ = try Envelope(encoded: good, payloadLimit: 1) }
    for channel in [0, 5, 255] as [UInt8] {
      var changed = good
      changed[33] = channel
      #expect(throws: MalformedMessage.self) { _ = try Envelope(encoded: changed, payloadLimit: 9) }
    }
    var bomb = good
    bomb.replaceSubrange(34..<38, with: [255, 255, 255, 255])
    #expect(throws: MalformedMessage.self) { _ = try Envelope(encoded: bomb, payloadLimit: .max) }
  }

  @Test func `a party that does not take part has no context`() throws {
    let threshold = try Threshold.twoThirds(of: 4)
    let parties = try PartySet([1, 2, 3].map { try PartyID($0) })
    #expect(throws: SharingError.unknownParty(try PartyID(4))) {
      _ = try SessionContext(session: .zero, me: PartyID(4), parties: parties, threshold: threshold)
    }
    let outside = try PartySet([1, 9].map { try PartyID($0) })
    #expect(throws: SharingError.unknownParty(try PartyID(9))) {
      _ = try SessionContext(session: .zero, me: PartyID(1), parties: outside, threshold: threshold)
    }
  }
}
