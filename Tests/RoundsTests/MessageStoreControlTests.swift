import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Testing

/// What an attack on the way messages are kept can be tried on.
private protocol MessageStore {
  func receive(_ envelope: Envelope, from link: PartyID)
  /// What the protocol would be given as that party's message of round 1.
  func broadcast(of party: PartyID) async -> [UInt8]?
  var blamed: Set<PartyID> { get async }
  var byteCount: Int { get }
}

/// The mailbox of the project, seen from outside: what it gives is what a protocol that publishes a note is given.
private final class RealStore: MessageStore {
  private let context: SessionContext
  private let mailbox: Mailbox

  init() throws {
    context = try RoundsTests.context(1)
    mailbox = Mailbox(context, context.plan)
  }

  func receive(_ envelope: Envelope, from link: PartyID) { mailbox.deliver(envelope, from: link) }

  var byteCount: Int { mailbox.heldByteCount }

  func broadcast(of party: PartyID) async -> [UInt8]? {
    let session = ProtocolSession(context, mailbox: mailbox, transport: NoLinks())
    mailbox.close()
    return (try? await session.publish(Note(1)))?[party]?.encoded
  }

  var blamed: Set<PartyID> {
    get async {
      let session = ProtocolSession(context, mailbox: mailbox, transport: NoLinks())
      mailbox.close()
      do throws(ProtocolAbort) {
        _ = try await session.publish(Note(1))
      } catch .blamed(let faults) {
        return Set(faults.keys)
      } catch {}
      return []
    }
  }
}

/// A store as one would write it first: by round and sender, whatever session, the last message counts.
private final class NaiveStore: MessageStore {
  enum Weakness { case anySession, blamesStrays, senderInPayload, overwrites, unbounded }

  private let weakness: Weakness
  private let context: SessionContext
  private var messages: [PartyID: [UInt8]] = [:]
  private var queue: [[UInt8]] = []
  private(set) var blamed: Set<PartyID> = []

  init(_ weakness: Weakness) throws {
    self.weakness = weakness
    context = try RoundsTests.context(1)
  }

  func receive(_ envelope: Envelope, from link: PartyID) {
    if envelope.session != context.session {
      if weakness == .blamesStrays { blamed.insert(link) }
      if weakness != .anySession { return }
    }
    if weakness == .unbounded { return queue.append(envelope.payload) }
    guard envelope.round == 1, envelope.channel == .broadcast else { return }
    if weakness == .senderInPayload {
      guard let named = envelope.payload.first, let sender = try? PartyID(UInt16(named)) else { return }
      messages[sender] = Array(envelope.payload.dropFirst())
    } else {
      messages[link] = envelope.payload
    }
  }

  func broadcast(of party: PartyID) async -> [UInt8]? { messages[party] }
  var byteCount: Int { queue.reduce(messages.values.reduce(0) { $0 + $1.count }) { $0 + $1.count } }
}

private struct NoLinks: SessionTransport {
  func send(_ envelope: Envelope, to party: PartyID) async {}
}

/// The same attack on both stores.
struct MessageStoreControlTests {
  private func fill(_ store: some MessageStore, except left: UInt16) throws {
    let context = try context(1)
    for value in 2...4 as ClosedRange<UInt16> where value != left {
      store.receive(context.envelope([UInt8(value)]), from: try party(value))
    }
  }

  /// Party 2 sends again what it had sent in an earlier session.
  private func replay(_ store: some MessageStore) async throws -> [UInt8]? {
    try fill(store, except: 2)
    store.receive(try context(1, session: 9).envelope([7]), from: try party(2))
    return await store.broadcast(of: try party(2))
  }

  @Test func `P8 N a store that does not look at the session takes a replayed message`() async throws {
    #expect(try await replay(RealStore()) == nil)
    #expect(try await replay(NaiveStore(.anySession)) == [7])
  }

  /// Party 3 has another session because somebody told it another nonce; it is honest.
  private func stray(_ store: some MessageStore) async throws -> Set<PartyID> {
    try fill(store, except: 3)
    store.receive(try context(3, session: 9).envelope([3]), from: try party(3))
    return await store.blamed
  }

  @Test func `P9 N a store that holds stray sessions against their senders bans an honest party`() async throws {
    #expect(try await stray(RealStore()).isEmpty)
    #expect(try await stray(NaiveStore(.blamesStrays)) == [party(3)])
  }

  /// Party 2 says on its own link that it speaks for party 3.
  private func spoof(_ store: some MessageStore) async throws -> [UInt8]? {
    try fill(store, except: 2)
    store.receive(try context(1).envelope([3, 99]), from: try party(2))
    return await store.broadcast(of: try party(3))
  }

  @Test func `P10 N a store that reads the sender from the message lets one party speak for another`() async throws {
    #expect(try await spoof(RealStore()) != [99])
    #expect(try await spoof(NaiveStore(.senderInPayload)) == [99])
  }

  /// Party 2 changes its mind after it has seen what others say.
  private func overwrite(_ store: some MessageStore) async throws -> [UInt8]? {
    let context = try context(1)
    store.receive(context.envelope([2]), from: try party(2))
    try fill(store, except: 2)
    store.receive(context.envelope([7]), from: try party(2))
    return await store.broadcast(of: try party(2))
  }

  @Test func `P11 N a store in which the last message counts lets a party take its word back`() async throws {
    let real = try RealStore()
    #expect(try await overwrite(real) != [7])
    #expect(await real.blamed == [try party(2)])
    #expect(try await overwrite(NaiveStore(.overwrites)) == [7])
  }

  /// Party 2 sends whatever it can.
  private func flood(_ store: some MessageStore) throws -> Int {
    let context = try context(1)
    for number in 0..<2_000 {
      let payload = [UInt8](repeating: 1, count: 1 + number % 64)
      store.receive(context.envelope(payload, UInt8(number % 5), Channel.allCases[number % 4]), from: try party(2))
    }
    return store.byteCount
  }

  @Test func `P12 N a store without a bound per slot holds whatever one party sends`() throws {
    // A note, an echo of four digests and a gift.
    #expect(try flood(RealStore()) <= 1 + 4 * 32 + 1)
    #expect(try flood(NaiveStore(.unbounded)) > 50_000)
  }
}
