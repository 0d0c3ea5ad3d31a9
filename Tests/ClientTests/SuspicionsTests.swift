import Client
import Identifiers
import Testing

@Suite struct SuspicionsTests {
  let nodes = NodeID.numbered(1...5)

  @Test func `an accusation counts against both and never proves anything`() {
    var suspicions = Suspicions()
    suspicions.record(nodes[0], against: nodes[1])
    #expect(suspicions.separates(nodes[0], nodes[1]))
    #expect(suspicions.separates(nodes[1], nodes[0]))
    #expect(suspicions.edgeCount(of: nodes[0]) == 1)
    #expect(suspicions.edgeCount(of: nodes[1]) == 1)
    #expect(!suspicions.excludes(nodes[0], tolerated: 1))
    #expect(!suspicions.excludes(nodes[1], tolerated: 1))
  }

  @Test func `the same accusation twice, from either side, is one edge`() {
    var suspicions = Suspicions()
    suspicions.record(nodes[0], against: nodes[1])
    suspicions.record(nodes[0], against: nodes[1])
    suspicions.record(nodes[1], against: nodes[0])
    #expect(suspicions.edgeCount(of: nodes[1]) == 1)
  }

  @Test func `nobody suspects itself`() {
    var suspicions = Suspicions()
    suspicions.record(nodes[0], against: nodes[0])
    #expect(suspicions.edgeCount(of: nodes[0]) == 0)
  }

  @Test func `P41 a node that accuses more than n minus t others excludes itself and none of them`() {
    var suspicions = Suspicions()
    for honest in nodes[1...2] { suspicions.record(nodes[0], against: honest) }
    #expect(suspicions.excludes(nodes[0], tolerated: 1))
    for honest in nodes[1...4] { #expect(!suspicions.excludes(honest, tolerated: 1)) }
  }

  @Test func `a node that was caught is excluded without any edge`() {
    var suspicions = Suspicions()
    suspicions.recordProof(against: nodes[3])
    #expect(suspicions.excludes(nodes[3], tolerated: 5))
  }
}

extension Identifier where Kind == NodeIDKind {
  /// Node ids that end in these numbers, in order.
  static func numbered(_ numbers: ClosedRange<UInt8>) -> [NodeID] {
    numbers.compactMap { try? NodeID(bytes: [UInt8](repeating: 0, count: 19) + [$0]) }
  }
}
