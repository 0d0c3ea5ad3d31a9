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

  private func view(_ number: UInt64 = 3, digest: UInt8 = 1, epoch: UInt64 = 1) throws -> View {
    View(
      epoch: epoch,
      position: RegistryPosition(number: number, digest: try Digest32(bytes: [UInt8](repeating: digest, count: 32))))
  }

  /// This node is the first of five; four are needed.
  private func agreement(hearing views: [View]) throws -> RegistryAgreement {
    var agreement = RegistryAgreement(lifetime: .seconds(60))
    agreement.registryWasRead(at: .seconds(1))
    for (node, view) in zip(nodes.dropFirst(), views) {
      agreement.hear(view, from: node, own: try self.view(), at: .seconds(2))
    }
    return agreement
  }

  private func verdict(_ agreement: inout RegistryAgreement, at now: Duration = .seconds(3)) throws
    -> RegistryAgreement.Verdict
  {
    agreement.verdict(own: try view(), members: members, threshold: 4, at: now)
  }

  @Test func `needs the word of as many members as the threshold, this one included`() throws {
    var two = try agreement(hearing: [view(), view()])
    #expect(try verdict(&two) == .alone(known: 3, needed: 4))
    var three = try agreement(hearing: [view(), view(), view()])
    #expect(try verdict(&three) == .agreed)
  }

  @Test func `words of strangers and of another epoch do not count`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(epoch: 2)])
    agreement.hear(
      try view(), from: try NodeID(bytes: [UInt8](repeating: 9, count: 20)), own: try view(), at: .seconds(2))
    #expect(try verdict(&agreement) == .alone(known: 3, needed: 4))
  }

  @Test func `O8 words that are too old or of nodes that are gone do not count`() throws {
    var agreement = try agreement(hearing: [view(), view(), view()])
    #expect(try verdict(&agreement, at: .seconds(62)) == .agreed)
    var later = agreement
    #expect(try verdict(&later, at: .seconds(63)) == .alone(known: 1, needed: 4))
    agreement.forget(nodes[1])
    #expect(try verdict(&agreement) == .alone(known: 3, needed: 4))
  }

  @Test func `A10 one higher number holds the node until it has read its registry again`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(), view(9)])
    #expect(try verdict(&agreement) == .behind(number: 9))
    #expect(agreement.wantsReading(own: try view()))
    agreement.registryWasRead(at: .seconds(4))
    #expect(try verdict(&agreement, at: .seconds(5)) == .agreed)
    agreement.hear(try view(9), from: nodes[4], own: try view(), at: .seconds(6))
    #expect(try verdict(&agreement, at: .seconds(7)) == .agreed)
  }

  @Test func `A10 higher numbers of more nodes than may lie hold it whatever it reads`() throws {
    var agreement = try agreement(hearing: [view(), view(), view(4), view(4)])
    agreement.registryWasRead(at: .seconds(4))
    #expect(try verdict(&agreement, at: .seconds(5)) == .behind(number: 4))
  }

  @Test func `one other digest is tolerated, two stop the node for good`() throws {
    var one = try agreement(hearing: [view(), view(), view(), view(digest: 2)])
    #expect(try verdict(&one) == .agreed)
    var two = try agreement(hearing: [view(), view(), view(digest: 2), view(digest: 2)])
    #expect(try verdict(&two) == .split(number: 3))
    for node in nodes { two.hear(try view(), from: node, own: try view(), at: .seconds(4)) }
    #expect(try verdict(&two, at: .seconds(5)) == .split(number: 3))
  }

  @Test func `a member that is behind still counts`() throws {
    var agreement = try agreement(hearing: [view(2, digest: 8), view(2, digest: 8), view()])
    #expect(try verdict(&agreement) == .agreed)
  }
}
