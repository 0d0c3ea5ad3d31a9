public import Rounds
public import SecretSharing
import Synchronization

/// One message in flight between two parties of a simulation.
public struct SimulatedMessage: Sendable, Hashable {
  public var sender: PartyID
  public var receiver: PartyID
  public var envelope: Envelope

  public init(sender: PartyID, receiver: PartyID, envelope: Envelope) {
    self.sender = sender
    self.receiver = receiver
    self.envelope = envelope
  }
}

/// The links between all parties of one simulated run: authenticated, each in order, and honest between honest parties.
///
/// What corrupted parties send is held back until nothing else can happen; see ``Adversary``.
public final class SimulatedNetwork: Sendable {
  private struct State {
    var inFlight: [SimulatedMessage] = []
    var held: [SimulatedMessage] = []
    var sent: [SimulatedMessage] = []
    var mailboxes: [PartyID: Mailbox] = [:]
    var random: SeededRandom
  }

  private let corrupted: Set<PartyID>
  private let state: Mutex<State>

  init(seed: UInt64, mailboxes: [PartyID: Mailbox], corrupted: Set<PartyID>) {
    self.corrupted = corrupted
    state = Mutex(State(mailboxes: mailboxes, random: SeededRandom(seed: seed)))
  }

  /// Everything sent so far, before the adversary changed it, in order of sending.
  public var sent: [SimulatedMessage] { state.withLock { $0.sent } }

  func send(_ message: SimulatedMessage) {
    state.withLock { state in
      state.sent.append(message)
      if corrupted.contains(message.sender) {
        state.held.append(message)
      } else {
        state.inFlight.append(message)
      }
    }
  }

  func release(_ messages: [SimulatedMessage]) {
    state.withLock { $0.inFlight += messages }
  }

  func takeHeld() -> [SimulatedMessage] {
    state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
  }

  var inFlightCount: Int { state.withLock { $0.inFlight.count } }

  /// Delivers the next message of a link drawn at random.
  func deliverOne() -> Bool {
    let next: (SimulatedMessage, Mailbox?)? = state.withLock { state in
      guard !state.inFlight.isEmpty else { return nil }
      let drawn = state.inFlight[state.random.next(below: state.inFlight.count)]
      let first = state.inFlight.firstIndex { $0.sender == drawn.sender && $0.receiver == drawn.receiver }
      let message = state.inFlight.remove(at: first ?? 0)
      return (message, state.mailboxes[message.receiver])
    }
    guard let (message, mailbox) = next else { return false }
    mailbox?.deliver(message.envelope, from: message.sender)
    return true
  }
}

/// One party's way into a ``SimulatedNetwork``.
public struct SimulatedTransport: SessionTransport {
  let party: PartyID
  let network: SimulatedNetwork

  public func send(_ envelope: Envelope, to receiver: PartyID) async {
    network.send(SimulatedMessage(sender: party, receiver: receiver, envelope: envelope))
  }
}
