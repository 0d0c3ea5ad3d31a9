import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Testing

struct EnvelopeFuzzTests {
  /// Changed envelopes, the same for every decoder.
  private static func corpus(_ count: Int) -> [[UInt8]] {
    var random = SeededRandom(seed: 0xfa11)
    let valid = Envelope(session: .zero, round: 1, channel: .broadcast, payload: random.bytes(40)).encoded
    return (0..<count).map { $0 % 4 == 0 ? random.garbage(around: valid.count) : random.mutated(valid) }
  }

  @Test func `P36 no bytes make the envelope's decoder or the mailbox trap`() throws {
    let context = try context(1)
    var random = SeededRandom(seed: 0xb0b)
    var accepted = 0
    for bytes in Self.corpus(20_000) {
      guard let envelope = try? Envelope(encoded: bytes, payloadLimit: 64) else { continue }
      accepted += 1
      #expect(envelope.encoded == bytes)
      let mailbox = Mailbox(context, context.plan)
      for channel in Channel.allCases {
        let relabelled = Envelope(
          session: context.session, round: UInt8(random.next(below: 256)), channel: channel,
          payload: random.mutated(envelope.payload))
        _ = mailbox.deliver(relabelled, from: try party(UInt16(1 + random.next(below: 65_535))))
      }
      // Notices are decoded on arrival.
      _ = mailbox.deliver(
        Envelope(session: context.session, round: 0, channel: .abort, payload: random.mutated([1, 2, 0, 3, 0, 4])),
        from: try party(2))
    }
    #expect(accepted > 1000)
  }

  /// What one writes when one trusts the other end.
  private static func trustingDecoder(_ bytes: [UInt8]) -> [UInt8] {
    let session = bytes[0..<32]
    let length = bytes[34..<38].reduce(0) { $0 << 8 | Int($1) }
    return Array(session) + [bytes[32], bytes[33]] + Array(bytes[38..<38 + length])
  }

  @Test func `P36 N the same bytes bring down a decoder that trusts them`() async {
    await #expect(processExitsWith: .failure) {
      for bytes in EnvelopeFuzzTests.corpus(1000) { _ = EnvelopeFuzzTests.trustingDecoder(bytes) }
    }
  }
}
