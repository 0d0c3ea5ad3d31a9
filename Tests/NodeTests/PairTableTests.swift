import Identifiers
import Testing

@testable import Node

@Suite struct `The table of pair set-ups` {
  typealias Table = PairTable
  typealias Peer = RequestSessionTable.Peer
  private let peer: Peer
  private let restarted: Peer
  private let other: Peer

  init() throws {
    peer = try Self.peer(1)
    restarted = try Self.peer(1, instance: 2)
    other = try Self.peer(2)
  }

  private static func peer(_ number: UInt8, instance: UInt8 = 1) throws -> Peer {
    Peer(
      node: try NodeID(bytes: [UInt8](repeating: number, count: 20)),
      instance: try Instance(bytes: [UInt8](repeating: instance, count: 32)))
  }

  private func digest(_ byte: UInt8) -> Digest32 {
    (try? Digest32(bytes: [UInt8](repeating: byte, count: 32))) ?? .zero
  }

  private func nonce(_ attempt: UInt32, _ byte: UInt8 = 7) -> NonceExchange.Nonce {
    NonceExchange.Nonce(attempt: attempt, value: digest(byte))
  }

  private func table() -> Table { Table(others: [peer.node, other.node]) }

  private func begun(_ actions: [Table.Action]) -> Table.Attempt? {
    for case .begin(_, let attempt) in actions { return attempt }
    return nil
  }

  /// Linked, both nonces said, the set-up made at `now`.
  private func ready(
    _ table: inout Table, _ peer: Peer, at now: Duration = .zero, attempt: UInt32 = 1
  ) throws -> Table.Attempt {
    _ = table.connected(peer, at: now) { digest(1) }
    let actions = table.hear(nonce(attempt), from: peer, at: now) { digest(2) }
    let attempt = try #require(begun(actions))
    #expect(table.finished(attempt, .made, at: now) == true)
    return attempt
  }

  @Test func `a link makes this node say a nonce, and the other's nonce begins the attempt`() throws {
    var table = table()
    #expect(table.hear(nonce(1), from: peer, at: .zero) { digest(9) } == [], "no link, no word")
    #expect(table.connected(peer, at: .zero) { digest(1) } == [.tell(peer.node, nonce(1, 1))])
    let actions = table.hear(nonce(1), from: peer, at: .zero) { digest(9) }
    let attempt = try #require(begun(actions))
    #expect(actions == [.tell(peer.node, nonce(1, 1)), .begin(peer.node, attempt)])
    #expect(attempt.own == digest(1) && attempt.theirs == digest(7) && attempt.peer == peer)
    #expect(table.hold(peer) == nil)
    #expect(table.counts(at: .zero) == .init(total: 2, ready: 0, making: 1, backingOff: 0))
    #expect(table.finished(attempt, .made, at: .zero) == true)
    #expect(table.hold(peer) == attempt)
    #expect(table.counts(at: .zero) == .init(total: 2, ready: 1, making: 0, backingOff: 0))
    #expect(table.hold(other) == nil)
  }

  @Test func `A7 a nonce begins nothing where this node said none`() throws {
    var table = table()
    _ = table.connected(peer, at: .zero) { digest(1) }
    #expect(table.hear(nonce(1), from: other, at: .zero) { digest(9) } == [])
    #expect(table.hear(nonce(1), from: restarted, at: .zero) { digest(9) } == [])
    let stranger = try Self.peer(9)
    #expect(table.connected(stranger, at: .zero) { digest(1) } == [])
    #expect(table.hear(nonce(1), from: stranger, at: .zero) { digest(9) } == [])
  }

  @Test func `the same instance keeps its set-up over a link, another one never had it`() throws {
    var table = table()
    let attempt = try ready(&table, peer)
    #expect(table.disconnected(peer) == [])
    #expect(table.hold(peer) == attempt)
    table.release(attempt)
    #expect(table.connected(peer, at: .seconds(1)) { digest(3) } == [.tell(peer.node, nonce(1, 1))])
    #expect(table.hold(peer) == attempt)
    table.release(attempt)
    #expect(table.disconnected(peer) == [])
    let actions = table.connected(restarted, at: .seconds(2)) { digest(4) }
    #expect(actions == [.retire(peer.node), .tell(peer.node, nonce(1, 4))])
    #expect(table.hold(peer) == nil)
    #expect(table.hold(restarted) == nil)
    #expect(table.disconnected(peer) == [], "word of a link that was replaced")
    let next = try #require(begun(table.hear(nonce(1, 5), from: restarted, at: .seconds(2)) { digest(9) }))
    #expect(table.finished(next, .made, at: .seconds(2)) == true)
    #expect(table.hold(restarted) == next)
  }

  @Test func `T14 a link that goes ends the attempt, and the next one waits for a link and a moment`() throws {
    var table = table()
    _ = table.connected(peer, at: .zero) { digest(1) }
    let attempt = try #require(begun(table.hear(nonce(1), from: peer, at: .zero) { digest(2) }))
    #expect(table.disconnected(peer) == [.abandon(peer.node)])
    #expect(table.finished(attempt, .failed, at: .zero) == true)
    #expect(table.counts(at: .zero).backingOff == 1)
    #expect(table.advance(at: .seconds(9)) { digest(3) } == [])
    let actions = table.connected(peer, at: .seconds(9)) { digest(3) }
    #expect(actions == [.tell(peer.node, nonce(1, 1)), .tell(peer.node, nonce(2, 3))])
    #expect(begun(table.hear(nonce(2, 8), from: peer, at: .seconds(9)) { digest(9) })?.theirs == digest(8))
  }

  @Test func `an attempt that was given up counts for nothing when it ends late`() throws {
    var table = table()
    _ = table.connected(peer, at: .zero) { digest(1) }
    let attempt = try #require(begun(table.hear(nonce(1), from: peer, at: .zero) { digest(2) }))
    let actions = table.connected(restarted, at: .zero) { digest(3) }
    #expect(actions == [.abandon(peer.node), .tell(peer.node, nonce(1, 3))])
    #expect(table.finished(attempt, .made, at: .zero) == false)
    #expect(table.hold(peer) == nil)
  }

  @Test func `a new nonce of the peer says that it has no set-up: this one is given up once no session holds it`()
    throws
  {
    var table = table()
    let attempt = try ready(&table, peer)
    #expect(table.hear(nonce(1), from: peer, at: .seconds(1)) { digest(9) } == [], "the nonce it was made with")
    #expect(table.hold(peer) == attempt)
    #expect(table.hear(nonce(2, 8), from: peer, at: .seconds(20)) { digest(9) } == [])
    #expect(table.hold(peer) == nil, "a new session has no use for it")
    #expect(table.advance(at: .seconds(25)) { digest(9) } == [], "it is still held")
    table.release(attempt)
    let actions = table.advance(at: .seconds(25)) { digest(9) }
    let next = try #require(begun(actions))
    #expect(actions == [.retire(peer.node), .tell(peer.node, nonce(2, 9)), .begin(peer.node, next)])
    #expect(next.theirs == digest(8))
  }

  @Test func `a peer that began anew from attempt 1 is understood as well`() throws {
    var table = table()
    _ = try ready(&table, peer, attempt: 5)
    let actions = table.hear(nonce(1, 8), from: peer, at: .seconds(20)) { digest(9) }
    #expect(actions == [.tell(peer.node, nonce(5, 2)), .retire(peer.node)])
    #expect(table.advance(at: .seconds(21)) { digest(10) } == [.tell(peer.node, nonce(6, 10))])
    #expect(begun(table.hear(nonce(6, 11), from: peer, at: .seconds(21)) { digest(12) }) != nil)
  }

  @Test func `P18 every failed check doubles the pause, up to ten minutes, and other pairs stay as they are`() throws {
    var table = table()
    let bystander = try ready(&table, other)
    var attempt = try ready(&table, peer)
    var now = Duration.zero
    var pauses: [Duration] = []
    for round in 0..<12 as Range<UInt32> {
      #expect(table.hold(peer) == attempt)
      #expect(table.burned(attempt, at: now) == [.retire(peer.node)])
      #expect(table.burned(attempt, at: now) == [], "another session of the same set-up")
      table.release(attempt)
      #expect(table.hold(peer) == nil)
      // However loudly the member asks for another.
      #expect(begun(table.hear(nonce(round + 2), from: peer, at: now) { digest(9) }) == nil)
      var pause = Duration.zero
      var next: Table.Attempt?
      while next == nil {
        pause += .milliseconds(500)
        next = begun(table.advance(at: now + pause) { digest(3) })
      }
      pauses.append(pause)
      now += pause
      attempt = try #require(next)
      #expect(table.finished(attempt, .made, at: now) == true)
    }
    #expect(table.hold(other) == bystander)
    #expect(pauses.prefix(4) == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
    #expect(pauses.last == .seconds(600))
  }

  @Test func `P18 N without the burn the same member could try again at once`() throws {
    var table = table()
    let attempt = try ready(&table, peer)
    for _ in 0..<128 {
      // A node that only ends the session: the set-up is there for the next try, and for a bit more.
      #expect(table.hold(peer) == attempt)
      table.release(attempt)
    }
  }

  @Test func `a session that is open holds up the next attempt after a burn`() throws {
    var table = table()
    let attempt = try ready(&table, peer)
    #expect(table.hold(peer) == attempt)
    #expect(table.hold(peer) == attempt)
    #expect(table.burned(attempt, at: .zero) == [.retire(peer.node)])
    table.release(attempt)
    #expect(table.advance(at: .seconds(60)) { digest(3) } == [])
    table.release(attempt)
    #expect(table.advance(at: .seconds(60)) { digest(3) } == [.tell(peer.node, nonce(2, 3))])
  }

  @Test func `a member the registry no longer lists has no set-up, and starts anew when it is back`() throws {
    var table = table()
    _ = try ready(&table, peer)
    #expect(table.excluded(peer.node) == [.retire(peer.node)])
    #expect(table.excluded(peer.node) == [])
    #expect(table.hold(peer) == nil)
    #expect(!table.isLinked(peer))
    #expect(table.connected(peer, at: .seconds(1)) { digest(4) } == [.tell(peer.node, nonce(1, 4))])
  }

  @Test func `waiting for a set-up is hopeless where none can come in time`() throws {
    var table = table()
    #expect(!table.isHopeless(peer, until: .seconds(1)), "a link may come up")
    #expect(table.isHopeless(try Self.peer(9), until: .seconds(1)))
    let attempt = try ready(&table, peer)
    #expect(!table.isHopeless(peer, until: .seconds(1)))
    #expect(table.isHopeless(restarted, until: .seconds(1)))
    _ = table.burned(attempt, at: .zero)
    #expect(!table.isHopeless(peer, until: .seconds(1)))
    #expect(table.isHopeless(peer, until: .milliseconds(999)))
  }

  @Test func `two members find each other again after either lost its set-up, whatever was said meanwhile`() throws {
    let nodes = [peer, other]
    for loser in 0..<2 {
      for crossing in [false, true] {
        var tables = [Table(others: [other.node]), Table(others: [peer.node])]
        var fresh: UInt8 = 0
        var queue: [(from: Int, nonce: NonceExchange.Nonce)] = []
        var attempts: [Table.Attempt?] = [nil, nil]
        func next() -> Digest32 {
          fresh += 1
          return digest(fresh)
        }
        func apply(_ actions: [Table.Action], at place: Int) {
          for action in actions {
            switch action {
            case .tell(_, let nonce): queue.append((place, nonce))
            case .begin(_, let attempt): attempts[place] = attempt
            case .retire, .abandon: attempts[place] = nil
            }
          }
        }
        func settle(at now: Duration) {
          while !queue.isEmpty {
            let word = queue.removeFirst()
            let place = 1 - word.from
            apply(tables[place].hear(word.nonce, from: nodes[word.from], at: now, fresh: next), at: place)
          }
        }
        func finish(at now: Duration) throws {
          let pair = try attempts.map { try #require($0) }
          #expect(pair[0].own == pair[1].theirs && pair[1].own == pair[0].theirs)
          for place in 0..<2 { #expect(tables[place].finished(pair[place], .made, at: now) == true) }
        }
        for place in 0..<2 { apply(tables[place].connected(nodes[1 - place], at: .zero, fresh: next), at: place) }
        settle(at: .zero)
        try finish(at: .zero)
        let taken = tables[loser].hold(nodes[1 - loser])
        let held = try #require(taken)
        apply(tables[loser].burned(held, at: .zero), at: loser)
        tables[loser].release(held)
        if crossing {
          // The link went and came back in between.
          for place in 0..<2 { apply(tables[place].disconnected(nodes[1 - place]), at: place) }
          for place in 0..<2 { apply(tables[place].connected(nodes[1 - place], at: .zero, fresh: next), at: place) }
        }
        attempts[loser] = nil
        for tick in 1...20 {
          let now = Duration.milliseconds(200) * tick
          for place in 0..<2 { apply(tables[place].advance(at: now, fresh: next), at: place) }
          settle(at: now)
        }
        try finish(at: .seconds(5))
      }
    }
  }
}
