import Client
import Identifiers
import Testing

@Suite struct QuorumChooserTests {
  let nodes = NodeID.numbered(1...7)

  private func chooser() -> QuorumChooser { QuorumChooser(threshold: 5, memberCount: 7) }

  @Test func `a quorum has the size asked for and is ordered`() {
    #expect(chooser().choose(5, from: nodes.reversed()) == Array(nodes[0..<5]))
    #expect(chooser().choose(7, from: nodes) == nodes)
  }

  @Test func `too few candidates give no quorum`() {
    #expect(chooser().choose(5, from: Array(nodes[0..<4])) == nil)
    #expect(chooser().choose(0, from: nodes) == nil)
  }

  @Test func `rotation leaves every node out in turn`() throws {
    var chooser = chooser()
    var leftOut: Set<NodeID> = []
    for _ in 0..<7 {
      let quorum = try #require(chooser.choose(5, from: nodes))
      leftOut.formUnion(Set(nodes).subtracting(quorum))
      chooser.rotate()
    }
    #expect(leftOut == Set(nodes))
  }

  @Test func `rotation leaves every node out in turn, whoever did not answer before`() throws {
    var chooser = chooser()
    for _ in 0..<3 { chooser.recordLapse(of: nodes[0]) }
    var leftOut: Set<NodeID> = []
    for _ in 0..<10 {
      leftOut.formUnion(Set(nodes).subtracting(try #require(chooser.choose(6, from: nodes))))
      chooser.rotate()
    }
    #expect(leftOut == Set(nodes))
  }

  @Test func `P41 two nodes that contradict each other are not named together when there are others`() throws {
    var chooser = chooser()
    chooser.recordSuspicion(by: nodes[0], against: nodes[1])
    let quorum = try #require(chooser.choose(5, from: nodes))
    #expect(!quorum.contains(nodes[0]) || !quorum.contains(nodes[1]))
  }

  @Test func `P41 suspicions alone never make a quorum impossible`() throws {
    var chooser = chooser()
    chooser.recordSuspicion(by: nodes[0], against: nodes[1])
    let five = Array(nodes[0..<5])
    #expect(chooser.choose(5, from: five) == five)
  }

  @Test func `a caught node is never named again`() throws {
    var chooser = chooser()
    chooser.recordProof(against: nodes[2])
    #expect(!chooser.usable(nodes).contains(nodes[2]))
    let quorum = try #require(chooser.choose(6, from: nodes))
    #expect(!quorum.contains(nodes[2]))
    #expect(chooser.choose(7, from: nodes) == nil)
  }

  @Test func `a node that did not answer stands back until it serves again`() throws {
    var chooser = chooser()
    chooser.recordLapse(of: nodes[0])
    #expect(try !#require(chooser.choose(6, from: nodes)).contains(nodes[0]))
    chooser.recordService(by: nodes[0])
    #expect(try #require(chooser.choose(6, from: nodes)).contains(nodes[0]))
  }

  @Test func `P41 liars within the tolerance are pushed out of quorums before honest nodes run out`() throws {
    // Nodes 6 and 7 lie in every attempt they take part in: each accuses one honest node more.
    var chooser = chooser()
    let liars = [nodes[5], nodes[6]]
    for _ in 0..<20 {
      chooser.rotate()
      guard let quorum = chooser.choose(5, from: nodes) else {
        Issue.record("honest nodes ran out")
        return
      }
      let present = quorum.filter(liars.contains)
      if present.isEmpty { return }
      for liar in present {
        let victim = quorum.first { !liars.contains($0) }
        chooser.recordSuspicion(by: liar, against: try #require(victim))
      }
    }
    Issue.record("a liar stayed in")
  }
}
