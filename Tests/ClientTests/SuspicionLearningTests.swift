import ActionNames
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

  // MARK: Runs of actions that have a result

  private func ran(_ code: ErrorCode, _ suspects: [FailedOutcome.Suspicion] = []) throws -> NodeReport {
    .share(
      .execution(
        try ExecutionOutcome(
          action: ActionID(of: [1]), response: "over", signatures: [], failure: nil, logs: "", usage: ExecutionUsage(),
          failedOperations: [
            FailedOperation(operation: "sign#0", outcome: FailedOutcome(code: code, suspects: suspects))
          ])))
  }

  private func learn(_ chooser: inout QuorumChooser, _ reports: [NodeID: NodeReport], _ quorum: [NodeID]) {
    chooser.learn(from: reports, quorum: quorum, blame: Blame(), failed: false)
  }

  @Test func `P40 what nobody is to blame for within a run changes the choice and blames nobody`() throws {
    var chooser = chooser
    // Somebody else was down before, and would be left out for it.
    chooser.recordLapse(of: nodes[4])
    var leftOut: Set<NodeID> = []
    for _ in 0..<6 {
      let quorum = try #require(chooser.choose(4, from: nodes))
      leftOut.formUnion(Set(nodes).subtracting(quorum))
      var reports: [NodeID: NodeReport] = [:]
      for node in quorum { reports[node] = try ran(.disagreement) }
      learn(&chooser, reports, quorum)
    }
    #expect(leftOut == Set(nodes))
    #expect(chooser.usable(nodes) == nodes)
  }

  @Test func `P40 a node that enough others miss within a run stands back although it has answered`() throws {
    var chooser = chooser
    for _ in 0..<2 { chooser.recordLapse(of: nodes[4]) }
    for _ in 0..<4 {
      let quorum = try #require(chooser.choose(4, from: nodes))
      guard quorum.contains(nodes[3]) else { break }
      var reports: [NodeID: NodeReport] = [nodes[3]: try ran(.peersMissing)]
      for node in quorum where node != nodes[3] {
        reports[node] = try ran(.peersMissing, [.init(node: nodes[3], reason: .missing)])
      }
      learn(&chooser, reports, quorum)
    }
    #expect(try !#require(chooser.choose(4, from: nodes)).contains(nodes[3]))
    #expect(chooser.usable(nodes) == nodes)
  }

  @Test func `P41 as many as may lie make nobody stand back by missing it`() throws {
    var chooser = chooser
    var rotated = chooser
    rotated.rotate()
    var reports: [NodeID: NodeReport] = [:]
    for node in quorum { reports[node] = try ran(.disagreement) }
    reports[nodes[0]] = try ran(.peersMissing, quorum.dropFirst().map { .init(node: $0, reason: .missing) })
    learn(&chooser, reports, quorum)
    #expect(chooser == rotated)
  }

  @Test func `P41 one accusation made over and over does not keep the choice as it is`() throws {
    var chooser = chooser
    for _ in 0..<3 { chooser.recordLapse(of: nodes[4]) }
    for _ in 0..<12 {
      let quorum = try #require(chooser.choose(4, from: nodes))
      guard quorum.contains(nodes[0]) else { return }
      var reports: [NodeID: NodeReport] = [:]
      for node in quorum { reports[node] = try ran(.disagreement) }
      reports[nodes[0]] = try ran(.peerCheated, [.init(node: nodes[1], reason: .cheated)])
      learn(&chooser, reports, quorum)
    }
    Issue.record("the liar stayed in")
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
