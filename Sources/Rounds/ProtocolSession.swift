public import SecretSharing

/// What a protocol's async function works with: its context, its mailbox and the way out.
///
/// It holds no timer; rounds end when all messages are there or the host's deadline has come.
public struct ProtocolSession: Sendable {
  public let context: SessionContext
  public let mailbox: Mailbox
  private let transport: any SessionTransport

  public init(_ context: SessionContext, mailbox: Mailbox, transport: any SessionTransport) {
    self.context = context
    self.mailbox = mailbox
    self.transport = transport
  }

  /// Runs a protocol and, if it stops, tells the others so that they need not wait for this party.
  public func run<Output: ~Copyable>(
    _ body: () async throws(ProtocolAbort) -> Output
  ) async throws(ProtocolAbort) -> Output {
    do throws(ProtocolAbort) {
      return try await body()
    } catch {
      await notify(error)
      throw error
    }
  }

  /// Publishes this party's message and gives everybody's, without assurance that all parties see the same.
  public func publish<Message: RoundMessage>(
    _ message: Message
  ) async throws(ProtocolAbort) -> [PartyID: Message] {
    let payloads = try await exchange(message)
    var messages = try decode(payloads.filter { $0.key != context.me }, as: Message.self)
    messages[context.me] = message
    return messages
  }

  /// Publishes this party's message and gives everybody's, after all parties confirmed to this one that they hold the
  /// same. Those who equivocate are found by comparing digests of every message (Goldwasser–Lindell echo broadcast).
  public func agree<Message: RoundMessage>(on message: Message) async throws(ProtocolAbort) -> Agreed<Message> {
    let payloads = try await exchange(message)
    let echo = BroadcastEcho(payloads, round: Message.round, in: context)
    await send(echo.encoded, round: Message.round, .echo)
    try await confirm(echo, round: Message.round)
    return Agreed(try messages(in: payloads, own: message))
  }

  /// Publishes one message and deals others in the same round, and gives everybody's of both kinds. What was published
  /// is not known to be the same for all before ``confirm(_:)``.
  public func open<Published: RoundMessage, Dealt: RoundMessage>(
    publishing message: Published, dealing direct: [PartyID: Dealt]
  ) async throws(ProtocolAbort) -> (published: Unconfirmed<Published>, dealt: [PartyID: Dealt]) {
    let mine = message.encoded
    await send(mine, round: Published.round, .broadcast)
    try await send(direct)
    var payloads = try await gather(Published.round, .broadcast)
    let dealt = try await gather(Dealt.round, .direct)
    payloads[context.me] = mine
    let unconfirmed = Unconfirmed(
      messages: try messages(in: payloads, own: message),
      echo: BroadcastEcho(payloads, round: Published.round, in: context))
    return (unconfirmed, try decode(dealt, as: Dealt.self))
  }

  /// Tells all parties what this one holds; sent together with the next round it costs no round of its own.
  public func echo<Message: RoundMessage>(_ unconfirmed: Unconfirmed<Message>) async {
    await send(unconfirmed.echo.encoded, round: Message.round, .echo)
  }

  /// Waits for all other parties' echoes and compares, as ``agree(on:)`` does.
  public func confirm<Message: RoundMessage>(
    _ unconfirmed: Unconfirmed<Message>
  ) async throws(ProtocolAbort) -> Agreed<Message> {
    try await confirm(unconfirmed.echo, round: Message.round)
    return Agreed(unconfirmed.messages)
  }

  private func confirm(_ echo: BroadcastEcho, round: UInt8) async throws(ProtocolAbort) {
    try compare(echo, with: await gather(round, .echo), round: round)
  }

  private func messages<Message: RoundMessage>(
    in payloads: [PartyID: [UInt8]], own message: Message
  ) throws(ProtocolAbort) -> [(party: PartyID, message: Message)] {
    var messages = try decode(payloads.filter { $0.key != context.me }, as: Message.self)
    messages[context.me] = message
    return messages.sorted { $0.key < $1.key }.map { (party: $0.key, message: $0.value) }
  }

  /// Sends every other party a message of its own and gives what they sent this one.
  public func deal<Message: RoundMessage>(
    _ message: (PartyID) -> Message
  ) async throws(ProtocolAbort) -> [PartyID: Message] {
    for party in context.others {
      await transport.send(envelope(message(party).encoded, Message.round, .direct), to: party)
    }
    return try decode(await gather(Message.round, .direct), as: Message.self)
  }

  /// The same for messages made before: one for every other party.
  public func deal<Message: RoundMessage>(
    _ direct: [PartyID: Message]
  ) async throws(ProtocolAbort) -> [PartyID: Message] {
    try await send(direct)
    return try decode(await gather(Message.round, .direct), as: Message.self)
  }

  private func send<Message: RoundMessage>(_ direct: [PartyID: Message]) async throws(ProtocolAbort) {
    for party in context.others {
      guard let message = direct[party] else { throw .internalFault("no message for a party of the session") }
      await transport.send(envelope(message.encoded, Message.round, .direct), to: party)
    }
  }

  /// Everybody's payloads of a broadcast round, this party's own included.
  private func exchange<Message: RoundMessage>(_ message: Message) async throws(ProtocolAbort) -> [PartyID: [UInt8]] {
    let mine = message.encoded
    await send(mine, round: Message.round, .broadcast)
    var payloads = try await gather(Message.round, .broadcast)
    payloads[context.me] = mine
    return payloads
  }

  private func gather(_ round: UInt8, _ channel: Channel) async throws(ProtocolAbort) -> [PartyID: [UInt8]] {
    switch await mailbox.gather(round, channel, from: context.others) {
    case .gathered(let payloads):
      return payloads
    case .failed(let abort):
      throw abort
    case .expired(let missing):
      await notify(.missing(round: round, missing))
      throw await mailbox.conclude(round, missing: missing)
    }
  }

  private func notify(_ abort: ProtocolAbort) async {
    await send(AbortNotice(abort).encoded, round: 0, .abort)
  }

  private func send(_ payload: [UInt8], round: UInt8, _ channel: Channel) async {
    let envelope = envelope(payload, round, channel)
    for party in context.others { await transport.send(envelope, to: party) }
  }

  private func envelope(_ payload: [UInt8], _ round: UInt8, _ channel: Channel) -> Envelope {
    Envelope(session: context.session, round: round, channel: channel, payload: payload)
  }

  private func compare(
    _ mine: BroadcastEcho, with echoes: [PartyID: [UInt8]], round: UInt8
  ) throws(ProtocolAbort) {
    var judgement = Judgement()
    var disputes: Set<PartySet> = []
    for (echoer, payload) in echoes.sorted(by: { $0.key < $1.key }) {
      do throws(MalformedMessage) {
        let theirs = try BroadcastEcho(encoded: payload, in: context)
        switch mine.compare(theirs, of: echoer, in: context) {
        case .none: break
        case .lie: judgement.blame(echoer, .contradictoryEcho(round: round))
        case .about(let parties): disputes.formUnion(parties.compactMap { try? PartySet([$0, echoer]) })
        }
      } catch {
        judgement.blame(echoer, .malformedMessage(round: round, part: error.part))
      }
    }
    try judgement.conclude()
    if !disputes.isEmpty { throw .disagreement(disputes.sorted { $0.parties.lexicographicallyPrecedes($1.parties) }) }
  }

  private func decode<Message: RoundMessage>(
    _ payloads: [PartyID: [UInt8]], as type: Message.Type
  ) throws(ProtocolAbort) -> [PartyID: Message] {
    var messages: [PartyID: Message] = [:]
    var judgement = Judgement()
    for (party, payload) in payloads {
      do throws(MalformedMessage) {
        messages[party] = try Message(encoded: payload, in: context)
      } catch {
        judgement.blame(party, .malformedMessage(round: Message.round, part: error.part))
      }
    }
    try judgement.conclude()
    return messages
  }
}
