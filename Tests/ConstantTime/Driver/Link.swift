import ProtocolTestKit
import Rounds
import SecretSharing

/// A way to the other party. What is sent is public from here on.
struct Link: SessionTransport {
  let transport: SimulatedTransport

  func send(_ envelope: Envelope, to party: PartyID) async {
    let payload = made(public: envelope.payload)
    await transport.send(
      Envelope(session: envelope.session, round: envelope.round, channel: envelope.channel, payload: payload),
      to: party)
  }
}
