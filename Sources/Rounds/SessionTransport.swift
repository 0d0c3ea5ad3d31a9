public import SecretSharing

/// How a party's messages leave it. The host provides it; a protocol knows neither links nor nodes.
public protocol SessionTransport: Sendable {
  /// Hands a message to the authenticated, encrypted link to that party. A message that cannot be sent is lost: its
  /// absence is noticed by whoever waits for it. Messages to the same party arrive in the order in which they were sent,
  /// else the word that a party has stopped could overtake what it still had said.
  func send(_ envelope: Envelope, to party: PartyID) async
}
