import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Testing
import Wire

extension TestNetwork {
  /// An honest member for a test to attack, already linked with another honest one.
  ///
  /// - Parameter bystanderFlaws: for a network in which the usual evidence does not count.
  func attackedNode(
    _ byte: UInt8, flaws: Flaws = Flaws(), bystanderFlaws: Flaws = Flaws(), directory: TestDirectory? = nil,
    limits: PeerLinkLimits = .forTests
  ) async throws -> TestNode {
    try await attackedNode(
      identity: identity(byte, flaws: flaws), bystanderFlaws: bystanderFlaws, directory: directory, limits: limits)
  }

  func attackedNode(
    identity: NodeIdentity, bystanderFlaws: Flaws = Flaws(), directory: TestDirectory? = nil,
    limits: PeerLinkLimits = .forTests
  ) async throws -> TestNode {
    let directory = directory ?? self.directory
    let node = try await TestNode(identity: identity, directory: directory, limits: limits, clock: SystemClock())
    // The greatest identifier: it is dialled by whoever is attacked, and by nobody else.
    let bystander = try await self.node(255, flaws: bystanderFlaws, directory: directory)
    let entries = [(node.id, try node.expected()), (bystander.id, try bystander.expected())]
    directory.change { view in
      for (id, member) in entries { view.members[id] = member }
    }
    try await eventually("the honest are linked") { await areLinked(node, bystander) }
    node.bystander = bystander
    return node
  }
}

extension TestNode {
  /// What the node was told about anybody but its honest peer.
  func eventsOfOthers() async -> [PeerEvent] {
    let known = bystander?.id
    return await events.all.filter { $0.peer.node != known }
  }

  /// The one place where every test of a refusal ends: the node refused for exactly this reason, nothing of the refused
  /// end reached it, and its honest peer is served as before, on the link it had before. Stops both.
  ///
  /// - Parameters:
  ///   - count: how often at least.
  ///   - node: whose status shall say so too.
  func expectRefusal(
    _ reason: String, _ direction: PeerJournal.Direction, count: Int64 = 1, of node: NodeID? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await eventually("refused for \(reason), not \(allRefusals)", sourceLocation: sourceLocation) {
      refusals(reason, direction.rawValue) >= count
    }
    #expect(await eventsOfOthers().isEmpty, sourceLocation: sourceLocation)
    if let node {
      let status = await mesh.status().peers.first { $0.node == node }
      #expect(status?.lastProblem == reason, sourceLocation: sourceLocation)
    }
    try await expectService(sourceLocation: sourceLocation)
    await bystander?.mesh.stop()
    await mesh.stop()
  }

  private func expectService(sourceLocation: SourceLocation) async throws {
    let bystander = try #require(self.bystander, "nobody watches this node", sourceLocation: sourceLocation)
    let (there, back) = (frame(payload: Array("there".utf8)), frame(payload: Array("back".utf8)))
    try await mesh.send(there, to: bystander.id)
    try await bystander.mesh.send(back, to: id)
    try await eventually("the honest peers serve each other", sourceLocation: sourceLocation) {
      let (atPeer, atNode) = (await bystander.events.frames, await events.frames)
      return atPeer == [there] && atNode == [back]
    }
    #expect(await bystander.events.ups.map(\.node) == [id], sourceLocation: sourceLocation)
    #expect(await bystander.events.downs.isEmpty, sourceLocation: sourceLocation)
  }
}

extension PeerEvent {
  var peer: AttestedPeer {
    switch self {
    case .up(let peer), .frame(_, let peer), .registry(_, _, let peer), .down(let peer, _): peer
    }
  }
}
