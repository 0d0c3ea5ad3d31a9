import Identifiers
import Testing

@testable import Node

@Suite struct `The exchange of nonces` {
  typealias Exchange = NonceExchange
  private let nodes: [NodeID]
  private let instance: Instance

  init() throws {
    nodes = try (1...3).map { try NodeID(bytes: [UInt8](repeating: $0, count: 20)) }
    instance = try Instance(bytes: [UInt8](repeating: 1, count: 32))
  }

  private func digest(_ byte: UInt8) -> Digest32 {
    (try? Digest32(bytes: [UInt8](repeating: byte, count: 32))) ?? .zero
  }

  private func nonce(_ attempt: UInt32, _ byte: UInt8 = 7) -> Exchange.Nonce {
    Exchange.Nonce(attempt: attempt, value: digest(byte))
  }

  private func exchange() -> Exchange { Exchange(others: [nodes[1], nodes[2]], nonce: digest(0)) }

  @Test func `begins once there is a nonce of every other member for the same attempt`() {
    var exchange = exchange()
    #expect(exchange.hear(nonce(1), from: nodes[1], instance: instance) { digest(9) } == [.tell(nodes[1])])
    #expect(exchange.missing == [nodes[2]])
    #expect(exchange.hear(nonce(1, 8), from: nodes[2], instance: instance) { digest(9) } == [.tell(nodes[2]), .begin])
    #expect(exchange.own == nonce(1, 0))
    #expect(exchange.complete?[nodes[2]]?.nonce == digest(8))
  }

  @Test func `follows to a later attempt with a nonce made for it`() {
    var exchange = exchange()
    #expect(exchange.hear(nonce(5), from: nodes[1], instance: instance) { digest(9) } == [.announce])
    #expect(exchange.own == nonce(5, 9))
    #expect(exchange.hear(nonce(4), from: nodes[2], instance: instance) { digest(10) } == [.tell(nodes[2])])
    #expect(exchange.hear(nonce(5), from: nodes[2], instance: instance) { digest(10) } == [.tell(nodes[2]), .begin])
  }

  @Test func `a member that says two nonces for one attempt keeps the first`() {
    var exchange = exchange()
    _ = exchange.hear(nonce(1, 7), from: nodes[1], instance: instance) { digest(9) }
    #expect(exchange.hear(nonce(1, 8), from: nodes[1], instance: instance) { digest(9) } == [])
    _ = exchange.hear(nonce(1), from: nodes[2], instance: instance) { digest(9) }
    #expect(exchange.complete?[nodes[1]]?.nonce == digest(7))
  }

  @Test func `a running attempt keeps its nonces, and the next one is where others already are`() {
    var exchange = exchange()
    for node in nodes.dropFirst() { _ = exchange.hear(nonce(1), from: node, instance: instance) { digest(9) } }
    #expect(exchange.hear(nonce(3), from: nodes[1], instance: instance) { digest(9) } == [])
    #expect(exchange.own == nonce(1, 0))
    #expect(exchange.failed { digest(11) } == [.announce])
    #expect(exchange.own == nonce(3, 11))
    #expect(exchange.hear(nonce(3), from: nodes[2], instance: instance) { digest(9) } == [.tell(nodes[2]), .begin])
  }

  @Test func `K7 a member that restarted must say a new nonce`() throws {
    var exchange = exchange()
    let restarted = try Instance(bytes: [UInt8](repeating: 2, count: 32))
    _ = exchange.hear(nonce(1), from: nodes[1], instance: instance) { digest(9) }
    #expect(exchange.connected(nodes[1], instance: restarted) == [.tell(nodes[1])])
    #expect(exchange.hear(nonce(1), from: nodes[2], instance: instance) { digest(9) } == [.tell(nodes[2])])
    #expect(exchange.hear(nonce(1, 8), from: nodes[1], instance: restarted) { digest(9) } == [.tell(nodes[1]), .begin])
    #expect(exchange.complete?[nodes[1]]?.instance == restarted)
  }

  @Test func `T14 says its nonce again to those who do not answer, and to those who answer late once`() {
    var exchange = exchange()
    _ = exchange.hear(nonce(1), from: nodes[1], instance: instance) { digest(9) }
    #expect(exchange.hear(nonce(1), from: nodes[1], instance: instance) { digest(9) } == [])
    #expect(exchange.remind() == [.tell(nodes[2])])
    _ = exchange.hear(nonce(1), from: nodes[2], instance: instance) { digest(9) }
    #expect(exchange.remind() == [])
  }

  @Test func `strangers and absurd attempts have no influence`() throws {
    var exchange = exchange()
    let stranger = try NodeID(bytes: [UInt8](repeating: 9, count: 20))
    #expect(exchange.hear(nonce(2), from: stranger, instance: instance) { digest(9) } == [])
    #expect(exchange.hear(nonce(.max), from: nodes[1], instance: instance) { digest(9) } == [])
    #expect(exchange.own.attempt == 1)
    _ = exchange.hear(nonce(Exchange.lastAttempt), from: nodes[1], instance: instance) { digest(9) }
    _ = exchange.hear(nonce(Exchange.lastAttempt), from: nodes[2], instance: instance) { digest(9) }
    _ = exchange.failed { digest(11) }
    #expect(exchange.own.attempt == Exchange.lastAttempt)
  }

  @Test func `three members find each other again after any of them failed`() {
    var members: [NodeID: Exchange] = [:]
    for node in nodes { members[node] = Exchange(others: Set(nodes).subtracting([node]), nonce: digest(node.bytes[0])) }
    var began: [NodeID: UInt32] = [:]
    var queue: [(from: NodeID, to: NodeID)] = []
    func apply(_ actions: [Exchange.Action], of node: NodeID) {
      for action in actions {
        switch action {
        case .announce: queue += nodes.filter { $0 != node }.map { (node, $0) }
        case .tell(let other): queue.append((node, other))
        case .begin: began[node] = members[node]?.own.attempt
        }
      }
    }
    func settle() {
      while !queue.isEmpty {
        let (from, to) = queue.removeFirst()
        guard let nonce = members[from]?.own else { continue }
        apply(members[to]?.hear(nonce, from: from, instance: instance) { digest(40) } ?? [], of: to)
      }
    }
    for node in nodes { apply([.announce], of: node) }
    settle()
    #expect(began == [nodes[0]: 1, nodes[1]: 1, nodes[2]: 1])
    // One gives up early, the others later.
    for node in [nodes[2], nodes[0], nodes[1]] {
      apply(members[node]?.failed { digest(50) } ?? [], of: node)
      settle()
    }
    #expect(began == [nodes[0]: 2, nodes[1]: 2, nodes[2]: 2])
  }
}
