import Identifiers
import Testing
import Wire

@testable import Client

@Suite struct `What a client learns from a failed attempt` {
  private let nodes = NodeID.numbered(1...5)
  private var quorum: [NodeID] { Array(nodes[0..<4]) }
  private var chooser: QuorumChooser { QuorumChooser(threshold: 4, memberCount: 5) }

  private func failed(
    _ code: ErrorCode, _ reason: FailedOutcome.Reason, _ suspects: [NodeID]
  ) -> NodeReport {
    .sessionFailed(FailedOutcome(code: code, suspects: suspects.map { .init(node: $0, reason: reason) }))
  }

  @Test func `P41 one liar does not make honest nodes accuse each other out of the network`() throws {
    // The liar told each of the others that all the rest were silent towards it.
    var chooser = chooser
    var reports: [NodeID: NodeReport] = [nodes[3]: .refused(.notReady)]
    for node in nodes[0..<3] { reports[node] = failed(.disagreement, .disagreed, quorum.filter { $0 != node }) }
    chooser.learn(from: reports, quorum: quorum, blame: Blame(), failed: true)
    #expect(chooser.usable(nodes) == nodes)
    #expect(try !#require(chooser.choose(4, from: nodes)).contains(nodes[3]))
  }

  @Test func `O5 a node that was down for one request is not given up`() throws {
    var chooser = chooser
    var reports: [NodeID: NodeReport] = [nodes[3]: .connection(.closed)]
    for node in nodes[0..<3] { reports[node] = failed(.peersMissing, .missing, [nodes[3]]) }
    chooser.learn(from: reports, quorum: quorum, blame: Blame(), failed: true)
    #expect(chooser.usable(nodes) == nodes)
    #expect(try !#require(chooser.choose(4, from: nodes)).contains(nodes[3]))
  }

  @Test func `P41 a node that says it took part and that two others miss is given up`() {
    var chooser = chooser
    var reports: [NodeID: NodeReport] = [nodes[3]: failed(.deadlineExceeded, .missing, [])]
    for node in nodes[0..<3] { reports[node] = failed(.peersMissing, .missing, [nodes[3]]) }
    chooser.learn(from: reports, quorum: quorum, blame: Blame(), failed: true)
    #expect(chooser.usable(nodes) == Array(nodes[0..<3]) + [nodes[4]])
  }

  @Test func `O5 suspicions that leave too few nodes are forgotten, proofs are not`() {
    var chooser = chooser
    chooser.recordProof(against: nodes[4])
    for (first, second) in [(0, 1), (1, 2), (2, 0)] {
      chooser.recordSuspicion(by: nodes[first], against: nodes[second])
    }
    #expect(chooser.usable(nodes) == [nodes[3]])
    #expect(chooser.usable(nodes, needed: 4) == Array(nodes[0..<4]))
  }
}
