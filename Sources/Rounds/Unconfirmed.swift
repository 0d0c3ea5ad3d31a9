public import SecretSharing

/// One round's messages of all parties as this party received them, before it is known that all received the same.
public struct Unconfirmed<Message: RoundMessage>: Sendable {
  /// In ascending order of parties, this party's own included.
  public let messages: [(party: PartyID, message: Message)]
  let echo: BroadcastEcho

  init(messages: [(party: PartyID, message: Message)], echo: BroadcastEcho) {
    self.messages = messages
    self.echo = echo
  }
}
