import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Testing

/// Round 1 of a toy protocol: everybody publishes one byte.
struct Note: RoundMessage, Hashable {
  static let round: UInt8 = 1
  let value: UInt8

  init(_ value: UInt8) { self.value = value }

  static func byteLimit(in context: SessionContext) -> Int { 1 }
  var encoded: [UInt8] { [value] }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard let value = encoded.first, encoded.count == 1, value < 200 else { throw MalformedMessage("note") }
    self.value = value
  }
}

/// Round 2: everybody gives everybody a byte.
struct Gift: RoundMessage, Hashable {
  static let round: UInt8 = 2
  let value: UInt8

  init(_ value: UInt8) { self.value = value }

  static func byteLimit(in context: SessionContext) -> Int { 1 }
  var encoded: [UInt8] { [value] }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    guard let value = encoded.first, encoded.count == 1 else { throw MalformedMessage("gift") }
    self.value = value
  }
}

func party(_ value: UInt16) throws -> PartyID { try PartyID(value) }

func context(_ me: UInt16, of count: UInt16 = 4, session: UInt8 = 1) throws -> SessionContext {
  let threshold = try Threshold.twoThirds(of: Int(count))
  return try SessionContext(
    session: SessionID(bytes: [UInt8](repeating: session, count: 32)), me: PartyID(me),
    parties: PartySet(allOf: threshold), threshold: threshold)
}

extension SessionContext {
  var plan: RoundPlan { RoundPlan(self).agreeing(on: Note.self).dealing(Gift.self) }

  func envelope(
    _ payload: [UInt8], _ round: UInt8 = 1, _ channel: Channel = .broadcast
  ) -> Envelope {
    Envelope(session: session, round: round, channel: channel, payload: payload)
  }
}

/// Every party agrees on the notes and then, if asked to, deals gifts; the outcome is what it saw.
struct ToyRun {
  enum Outcome: Sendable, Hashable {
    case saw([UInt8])
    case aborted(ProtocolAbort)

    var abort: ProtocolAbort? {
      guard case .aborted(let abort) = self else { return nil }
      return abort
    }
  }

  var seed: UInt64 = 1
  var corrupted: Set<PartyID> = []
  /// The weakened protocol: nobody echoes.
  var isWithoutEcho = false
  var deals = false
  /// The weakened protocol: nobody says that it stops.
  var isWithoutNotices = false

  /// Runs it and checks what must hold after every run, unless the protocol is a weakened one.
  func run(_ adversary: some Adversary = HonestNetwork()) throws -> [PartyID: Outcome] {
    let (outcomes, livingSecrets) = try Invariants.run { try simulate(adversary) }
    if !isWithoutEcho && !isWithoutNotices {
      for violation in violations(of: outcomes, livingSecrets: livingSecrets) {
        Issue.record("seed \(seed): \(violation)")
      }
    }
    return outcomes
  }

  func violations(of outcomes: [PartyID: Outcome], livingSecrets: Int? = nil) -> [Invariants.Violation] {
    var invariants = Invariants()
    let endings = outcomes.mapValues { outcome in
      switch outcome {
      // What was agreed on stands for the key that comes of it.
      case .saw(let notes): Invariants.Ending(publicKey: Array(notes.prefix(4)))
      case .aborted(let abort): Invariants.Ending(abort: abort)
      }
    }
    invariants.check(endings, corrupted: corrupted, livingSecrets: livingSecrets)
    return invariants.violations
  }

  private func simulate(_ adversary: some Adversary) throws -> [PartyID: Outcome] {
    var contexts: [PartyID: SessionContext] = [:]
    for value in 1...4 as ClosedRange<UInt16> { contexts[try party(value)] = try context(value) }
    let ran: Simulation.Result<Outcome>? = Simulation(seed: seed, corrupted: corrupted).run(
      contexts.mapValues { Mailbox($0, $0.plan) }, adversary: adversary
    ) { [contexts, isWithoutEcho, isWithoutNotices, deals] party, mailbox, transport in
      guard let context = contexts[party] else { return .saw([]) }
      let session = ProtocolSession(
        context, mailbox: mailbox, transport: isWithoutNotices ? WithoutNotices(transport: transport) : transport)
      do throws(ProtocolAbort) {
        return try await session.run { () async throws(ProtocolAbort) -> Outcome in
          let mine = Note(UInt8(party.value))
          var seen: [UInt8]
          if isWithoutEcho {
            seen = try await session.publish(mine).sorted { $0.key < $1.key }.map(\.value.value)
          } else {
            seen = try await session.agree(on: mine).messages.map(\.message.value)
          }
          if deals {
            let gifts = try await session.deal { Gift(UInt8(10 * party.value + $0.value)) }
            seen += gifts.sorted { $0.key < $1.key }.map(\.value.value)
          }
          return .saw(seen)
        }
      } catch {
        return .aborted(error)
      }
    }
    return try #require(ran).outcomes
  }
}

/// Loses the word that a party has stopped.
private struct WithoutNotices: SessionTransport {
  let transport: SimulatedTransport

  func send(_ envelope: Envelope, to party: PartyID) async {
    if envelope.channel != .abort { await transport.send(envelope, to: party) }
  }
}
