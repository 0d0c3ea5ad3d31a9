import Identifiers
import Testing
import Wire

@testable import Node

@Suite struct `Agreement on the registry` {
  typealias View = RegistryAgreement.View
  private let nodes: [NodeID]
  private var members: Set<NodeID> { Set(nodes) }

  init() throws {
    nodes = try (1...5).map { try NodeID(bytes: [UInt8](repeating: $0, count: 20)) }
  }

  private func view(_ number: UInt64 = 3, digest: UInt8 = 13, epoch: UInt64 = 1) throws -> View {
    View(
      epoch: epoch,
      position: RegistryPosition(number: number, digest: try Digest32(bytes: [UInt8](repeating: digest, count: 32))))
  }

  /// Has read three updates; the digest after update k is 10 + k.
  private let own = RegistryAgreement.Own(epoch: 1, number: 3) { number in
    number <= 3 ? try? Digest32(bytes: [UInt8](repeating: 10 + UInt8(number), count: 32)) : nil
  }

  /// This node is the first of five; four are needed.
  private func agreement(hearing views: [View]) throws -> RegistryAgreement {
    var agreement = RegistryAgreement(lifetime: .seconds(60), readingPeriod: .seconds(2))
    for (node, view) in zip(nodes.dropFirst(), views) { agreement.hear(view, from: node, own: own, at: .seconds(2)) }
    return agreement
  }

  private func verdict(
    _ agreement: inout RegistryAgreement, at now: Duration = .seconds(3)
  ) -> RegistryAgreement.Verdict {
    agreement.verdict(own: own, members: members, threshold: 4, at: now)
  }

  @Test func `needs the word of as many members as the threshold, this one included`() throws {
    var two = try agreement(hearing: [view(), view()])
    #expect(verdict(&two) == .alone(known: 3, needed: 4))
    var three = try agreement(hearing: [view(), view(), view()])
    #expect(verdict(&three) == .agreed)
  }

  @Test func `words of strangers and of another epoch do not count`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(epoch: 2)])
    agreement.hear(
      try view(), from: try NodeID(bytes: [UInt8](repeating: 9, count: 20)), own: own, at: .seconds(2))
    #expect(verdict(&agreement) == .alone(known: 3, needed: 4))
  }

  @Test func `O8 the word of a node whose link is gone counts for a minute, of one that is linked for ever`() throws {
    var agreement = try agreement(hearing: [view(), view(), view()])
    agreement.lost(nodes[1], at: .seconds(2))
    #expect(verdict(&agreement, at: .seconds(62)) == .agreed)
    #expect(verdict(&agreement, at: .seconds(63)) == .alone(known: 3, needed: 4))
    agreement.hear(try view(), from: nodes[1], own: own, at: .seconds(70))
    #expect(verdict(&agreement, at: .seconds(10_000)) == .agreed)
  }

  @Test func `A10 one higher number holds the node for as long as a reader needs to find it`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(), view(9, digest: 1)])
    #expect(verdict(&agreement) == .behind(number: 9))
    agreement.hear(try view(10, digest: 2), from: nodes[4], own: own, at: .seconds(3))
    #expect(verdict(&agreement, at: .seconds(3.9)) == .behind(number: 10))
    #expect(verdict(&agreement, at: .seconds(4)) == .agreed)
  }

  @Test func `A10 a member that takes its higher number back and names it again does not hold the node again`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(), view(9, digest: 1)])
    for second in 4...8 {
      agreement.hear(try view(), from: nodes[4], own: own, at: .seconds(second))
      agreement.hear(
        try view(UInt64(5 + second), digest: 1), from: nodes[4], own: own, at: .seconds(second) + .milliseconds(1))
      #expect(verdict(&agreement, at: .seconds(second) + .milliseconds(2)) == .agreed)
    }
  }

  @Test func `A10 a higher number that turned out true earns the next one the same patience`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(), view(4, digest: 14)])
    let grown = RegistryAgreement.Own(epoch: 1, number: 4) { number in
      number <= 4 ? try? Digest32(bytes: [UInt8](repeating: 10 + UInt8(number), count: 32)) : nil
    }
    for node in nodes { agreement.hear(try view(4, digest: 14), from: node, own: grown, at: .seconds(20)) }
    agreement.hear(try view(5, digest: 15), from: nodes[4], own: grown, at: .seconds(30))
    #expect(agreement.verdict(own: grown, members: members, threshold: 4, at: .seconds(31)) == .behind(number: 5))
    #expect(agreement.verdict(own: grown, members: members, threshold: 4, at: .seconds(32)) == .agreed)
  }

  @Test func `A10 a number heard while the registry could not be read holds the node no longer than any other`() throws
  {
    var agreement = try agreement(hearing: [view(), view(), view()])
    agreement.hear(try view(9, digest: 1), from: nodes[4], own: nil, at: .seconds(3))
    #expect(verdict(&agreement, at: .seconds(10)) == .behind(number: 9))
    #expect(verdict(&agreement, at: .seconds(12)) == .agreed)
  }

  @Test func `A10 higher numbers of more nodes than may lie hold it for good`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(4, digest: 1), view(4, digest: 1)])
    #expect(verdict(&agreement, at: .seconds(50)) == .behind(number: 4))
  }

  @Test func `one other history is tolerated, two stop the node for good`() throws {
    var one = try agreement(hearing: [view(), view(), view(), view(2, digest: 13)])
    #expect(verdict(&one) == .agreed)
    var two = try agreement(hearing: [view(), view(), view(digest: 2), view(2, digest: 13)])
    #expect(verdict(&two) == .split(number: 3))
    for node in nodes { two.hear(try view(), from: node, own: own, at: .seconds(4)) }
    #expect(verdict(&two, at: .seconds(5)) == .split(number: 3))
  }

  @Test func `a member that is behind on the same history still counts`() throws {
    var agreement = try agreement(hearing: [view(2, digest: 12), view(0, digest: 10), view()])
    #expect(verdict(&agreement) == .agreed)
  }
}
