import Identifiers
import Testing
import Wire

@testable import Node

/// One test for each cell of (what is known of the route) × (what arrives).
@Suite struct `The table of request sessions` {
  typealias Table = RequestSessionTable
  private let route: RouteID
  private let session: SessionID
  private let peer: Table.Peer
  private let other: Table.Peer
  private let stranger: Table.Peer

  init() throws {
    route = try RouteID(bytes: [UInt8](repeating: 1, count: 32))
    session = try SessionID(bytes: [UInt8](repeating: 2, count: 32))
    peer = try Self.peer(2)
    other = try Self.peer(3)
    stranger = try Self.peer(9)
  }

  private static func peer(_ number: UInt8, instance: UInt8 = 0) throws -> Table.Peer {
    Table.Peer(
      node: try NodeID(bytes: [UInt8](repeating: number, count: 20)),
      instance: try Instance(bytes: [UInt8](repeating: instance, count: 32)))
  }

  private var opening: Table.Opening {
    Table.Opening(session: session, route: route, peers: [peer, other], deadline: .seconds(10))
  }

  private func frame(_ session: SessionID? = nil, route: RouteID? = nil, payload: [UInt8] = [7]) -> SessionFrame {
    SessionFrame(
      session: session ?? self.session, route: route ?? self.route, round: 1, channel: .broadcast, payload: payload)
  }

  private func otherSession() throws -> SessionID { try SessionID(bytes: [UInt8](repeating: 66, count: 32)) }

  private func opened() throws -> Table {
    var table = Table()
    #expect(try table.open(opening, at: .zero) == [])
    return table
  }

  @Test func `A7 an unknown route starts nothing and keeps no content`() throws {
    var table = Table()
    #expect(table.receive(frame(), from: peer, at: .zero) == .dropped(.unknownRoute))
    #expect(table.liveCount == 0)
    #expect(table.earlyCount == 1)
    #expect(table.receive(frame(), from: peer, at: .zero) == .dropped(.unknownRoute))
    #expect(table.earlyCount == 1)
  }

  @Test func `P22 of a session that is over only short messages are kept for those who come late`() throws {
    var table = try opened()
    let long = frame(payload: [UInt8](repeating: 1, count: Table.keptPayload + 1))
    #expect(table.send(long, to: peer.node) == .send(.session(long), to: peer))
    #expect(table.send(frame(), to: peer.node) == .send(.session(frame()), to: peer))
    table.finish(session)
    #expect(table.want(session, from: peer) == [.send(.session(frame()), to: peer)])
  }

  @Test func `an early frame is asked for again when this node gets there itself`() throws {
    var table = Table()
    _ = table.receive(frame(), from: peer, at: .zero)
    #expect(try table.open(opening, at: .seconds(1)) == [.send(.want(session), to: peer)])
    #expect(table.receive(frame(), from: peer, at: .seconds(1)) == .deliver(frame(), from: peer.node))
  }

  @Test func `A8 P9 an early frame of another session is a mismatch with the node that sent it`() throws {
    var table = Table()
    _ = table.receive(frame(try otherSession()), from: other, at: .zero)
    #expect(throws: Table.OpeningRefusal.mismatch(with: other.node)) { try table.open(opening, at: .seconds(1)) }
    #expect(table.liveCount == 0)
    #expect(throws: Table.OpeningRefusal.alreadyOpened) { try table.open(opening, at: .seconds(2)) }
  }

  @Test func `an early frame from outside the quorum or from another instance has no influence`() throws {
    var table = Table()
    _ = table.receive(frame(try otherSession()), from: stranger, at: .zero)
    _ = table.receive(frame(try otherSession()), from: try Self.peer(2, instance: 5), at: .zero)
    #expect(try table.open(opening, at: .seconds(1)) == [])
  }

  @Test func `an early frame is forgotten after sixty seconds`() throws {
    var table = Table()
    _ = table.receive(frame(try otherSession()), from: peer, at: .zero)
    var late = table
    #expect(throws: Table.OpeningRefusal.mismatch(with: peer.node)) { try table.open(opening, at: .seconds(59)) }
    #expect(try late.open(opening, at: .seconds(60)) == [])
    #expect(late.earlyCount == 0)
  }

  @Test func `P12 one peer can leave at most 4096 early routes, and does not use up the places of another`() throws {
    var table = Table()
    for number in 0..<5_000 as Range<UInt32> {
      let route = try RouteID(bytes: [UInt8](repeating: 0, count: 28) + number.bigEndianBytes)
      let expected = number < 4096 ? Table.DropReason.unknownRoute : .tooManyEarly
      #expect(table.receive(frame(route: route), from: peer, at: .zero) == .dropped(expected))
    }
    #expect(table.earlyCount == 4096)
    #expect(table.receive(frame(), from: other, at: .zero) == .dropped(.unknownRoute))
    #expect(table.earlyCount == 4097)
    // Started again it is the same member.
    let restarted = try Self.peer(2, instance: 1)
    #expect(table.receive(frame(), from: restarted, at: .zero) == .dropped(.unknownRoute))
    #expect(table.earlyCount == 2)
  }

  @Test func `a frame of the open session is delivered under the name of its link`() throws {
    var table = try opened()
    #expect(table.receive(frame(), from: other, at: .seconds(1)) == .deliver(frame(), from: other.node))
  }

  @Test func `A8 P9 the known route with another session ends the session and names the node`() throws {
    var table = try opened()
    #expect(
      table.receive(frame(try otherSession()), from: peer, at: .seconds(1)) == .mismatch(session, with: peer.node))
    #expect(table.send(frame(), to: peer.node) == .dropped(.sessionOver))
    #expect(table.receive(frame(), from: peer, at: .seconds(1)) == .dropped(.sessionOver))
  }

  @Test func `P8 a node outside the quorum is dropped and cannot end the session`() throws {
    var table = try opened()
    #expect(table.receive(frame(), from: stranger, at: .seconds(1)) == .dropped(.foreignNode))
    #expect(table.receive(frame(try otherSession()), from: stranger, at: .seconds(1)) == .dropped(.foreignNode))
    #expect(table.receive(frame(), from: peer, at: .seconds(1)) == .deliver(frame(), from: peer.node))
  }

  @Test func `P22 another instance of a named node is dropped and cannot end the session`() throws {
    var table = try opened()
    let restarted = try Self.peer(2, instance: 1)
    #expect(table.receive(frame(), from: restarted, at: .seconds(1)) == .dropped(.otherInstance))
    #expect(table.receive(frame(try otherSession()), from: restarted, at: .seconds(1)) == .dropped(.otherInstance))
    #expect(table.want(session, from: restarted) == [.dropped(.otherInstance)])
  }

  @Test func `want is answered once, with the identical bytes, also after the protocol ended`() throws {
    var table = try opened()
    #expect(table.send(frame(payload: [1]), to: peer.node) == .send(.session(frame(payload: [1])), to: peer))
    _ = table.send(frame(payload: [2]), to: other.node)
    table.finish(session)
    #expect(table.want(session, from: peer) == [.send(.session(frame(payload: [1])), to: peer)])
    #expect(table.want(session, from: peer) == [.dropped(.wantAnswered)])
    #expect(table.want(session, from: other) == [.send(.session(frame(payload: [2])), to: other)])
  }

  @Test func `want before anything was sent does not use up the answer`() throws {
    var table = try opened()
    #expect(table.want(session, from: peer) == [])
    _ = table.send(frame(), to: peer.node)
    #expect(table.want(session, from: peer) == [.send(.session(frame()), to: peer)])
  }

  @Test func `A7 want for an unknown session or by a stranger causes nothing`() throws {
    var table = try opened()
    _ = table.send(frame(), to: peer.node)
    #expect(table.want(try otherSession(), from: peer) == [.dropped(.wantUnknown)])
    #expect(table.want(session, from: stranger) == [.dropped(.foreignNode)])
  }

  @Test func `nothing is sent to a node outside the quorum, nor in a session that is over`() throws {
    var table = try opened()
    #expect(table.send(frame(), to: stranger.node) == .dropped(.foreignNode))
    #expect(table.send(frame(try otherSession()), to: peer.node) == .dropped(.sessionOver))
    table.finish(session)
    #expect(table.send(frame(), to: peer.node) == .dropped(.sessionOver))
  }

  @Test func `P21 a session is opened once, also after its deadline, until its request is forgotten`() throws {
    var table = try opened()
    #expect(throws: Table.OpeningRefusal.alreadyOpened) { try table.open(opening, at: .seconds(1)) }
    table.finish(session)
    #expect(throws: Table.OpeningRefusal.alreadyOpened) { try table.open(opening, at: .seconds(2)) }
    table.expire(at: .seconds(10))
    #expect(throws: Table.OpeningRefusal.alreadyOpened) { try table.open(opening, at: .seconds(11)) }
    #expect(table.receive(frame(), from: peer, at: .seconds(11)) == .dropped(.sessionOver))
    #expect(table.want(session, from: peer) == [.dropped(.wantUnknown)])
  }
}
