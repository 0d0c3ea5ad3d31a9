import Attestation
import Authorization
import Client
import Identifiers
import Logging
import Membership
import Node
import NodeHTTP
import NodeTestKit
import PeerLink
import PublicKeys
import Secrets
import Synchronization
import Testing
import Transcripts
import Vault
import Wire

/// A member that is attested, staked and linked like any other, and sends what it likes.
@Suite(.serialized) struct `A member that does not follow the protocol` {
  @Test(.timeLimit(.minutes(3)))
  func `A7 opening sessions nobody asked for starts nothing, changes nothing and gets no frame back`() async throws {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let rogue = try await RogueMember(replacing: nodes[0], in: network)
      let honest = Array(nodes[1...3])
      let running = try await `Five nodes in one process`.running(honest)
      try await rogue.waitForLinks(with: running)

      // The user's own request, given to nobody but the rogue so far: it knows route, session, quorum and message.
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])),
        naming: running.map(\.identity) + [rogue.identity], as: user.session([.sign(with: record.key)]),
        issuedAt: network.clock.wall)
      let frame = try await Self.commitment(to: request.signed, key: record.key, in: honest[0])
      // And sessions the user's proof is not for: of another message, another key, and of no request at all.
      let others = try await [
        Self.commitment(to: request.signed, key: record.key, in: honest[0], message: [2]),
        Self.commitment(to: request.signed, key: .zero, in: honest[0]),
        SessionFrame(
          session: frame.session, route: RouteID(Digest32.sha256(of: [1])), round: 1, channel: .broadcast,
          payload: frame.payload),
      ]
      for node in running {
        for frame in [frame] + others {
          try await rogue.send(.session(frame), to: node)
          try await rogue.send(.want(frame.session), to: node)
        }
      }
      try await network.waitUntil(within: .seconds(10), of: honest) { node in
        let text = await node.metrics.render()
        return text.contains("quorate_dropped_frames_total{reason=\"unknownRoute\"} 4")
          && text.contains("quorate_dropped_frames_total{reason=\"wantUnknown\"} 4")
      }
      for node in honest {
        let status = await node.status
        #expect(status?.sessions == 0)
        #expect(status?.pendingRequests == 0)
        #expect(status?.readiness == .ready)
      }
      #expect(rogue.heard == [])

      // The same frames do get an answer once the user has asked, so that the silence above means something; without
      // this member's commitments nobody's share leaves.
      for (node, outcome) in zip(running, try await `Five nodes in one process`.outcomes(of: request, at: running)) {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left \(node.identity.node) without the whole quorum")
          continue
        }
        #expect(failed.code == .peersMissing || failed.code == .disagreement || failed.code == .peerCheated)
      }
      #expect(rogue.heard.contains(.want(frame.session)))
      await rogue.stop()
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A7 N a node that takes the session id from a frame is made to work by it`()
    async throws
  {
    try await withTestNetwork(count: 4, make: WeakNode.obedient) { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let rogue = try await RogueMember(replacing: nodes[0], in: network)
      let running = try await `Five nodes in one process`.running(nodes[1...2])
      try await rogue.waitForLinks(with: running)
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])),
        naming: running.map(\.identity) + [rogue.identity], as: user.session([.sign(with: record.key)]),
        issuedAt: network.clock.wall)
      let frame = try await Self.commitment(to: request.signed, key: record.key, in: nodes[1])
      for node in running { try await rogue.send(.session(frame), to: node) }
      try await network.waitUntil(within: .seconds(10), of: Array(nodes[1...2])) { await $0.status?.sessions == 1 }
      let deadline = ContinuousClock.now + .seconds(10)
      while rogue.heard.count < 2, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
      #expect(rogue.heard.count == 2)
      await rogue.stop()
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A10 naming higher registry numbers again and again does not keep the others from serving`() async throws {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let rogue = try await RogueMember(replacing: nodes[0], in: network, boasts: true)
      let running = try await `Five nodes in one process`.running(nodes[1...4])
      try await rogue.waitForLinks(with: running)
      // Its word is worth a second or two at first.
      try await Task.sleep(for: .seconds(3))
      let session = try user.session([.sign(with: record.key)])
      for message in 0..<6 as Range<UInt8> {
        let request = try ManualRequest(
          .sign(key: record.key, content: .message([message])), to: running, as: session,
          issuedAt: network.clock.wall)
        #expect(try await `Five nodes in one process`.outcomes(of: request, at: running).allSatisfy(\.isShare))
        try await Task.sleep(for: .milliseconds(400))
      }
      await rogue.stop()
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `P9 P41 sending one node another session id does not make the others take that node for silent`() async throws {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let rogue = try await RogueMember(replacing: nodes[0], in: network)
      let running = try await `Five nodes in one process`.running(nodes[1...3])
      try await rogue.waitForLinks(with: running)
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])),
        naming: running.map(\.identity) + [rogue.identity], as: user.session([.sign(with: record.key)]),
        issuedAt: network.clock.wall)
      var frame = try await Self.commitment(to: request.signed, key: record.key, in: nodes[1])
      frame.session = SessionID(Digest32.sha256(of: [2]))
      try await rogue.send(.session(frame), to: running[0])
      try await network.waitUntil(within: .seconds(10), of: [nodes[1]]) {
        await $0.metrics.render().contains("quorate_dropped_frames_total{reason=\"unknownRoute\"} 1")
      }
      let victim = nodes[1].id
      for (node, outcome) in zip(running, try await `Five nodes in one process`.outcomes(of: request, at: running)) {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left")
          continue
        }
        if node.identity.node == victim {
          #expect(failed.code == .sessionMismatch)
          #expect(failed.suspects == [.init(node: nodes[0].id, reason: .disagreed)])
        } else {
          #expect(!failed.suspects.contains(.init(node: victim, reason: .missing)), "\(failed)")
        }
      }
      await rogue.stop()
    }
  }

  /// What a member of the quorum that got the request would send in it, or in one for another key or message.
  private static func commitment(
    to request: SignedRequest, key: KeyID, in node: TestNode, message: [UInt8] = [1]
  ) async throws -> SessionFrame {
    let certificate = try #require(await node.status?.keys.certificate)
    let operation = Wire.Operation.sign(key: key, content: .message(message))
    let inputs = RequestSessionInputs(
      request: request.id, operationLabel: operation.label, protocolName: "frost/\(KeyPurpose.ed25519Sign.rawValue)",
      key: key, epoch: 1, certificate: certificate, quorum: request.payload.quorum, operationDigest: operation.digest)
    let route = RouteID.derive(
      sessionKey: request.sessionKey, nonce: request.payload.nonce, operationLabel: operation.label)
    return SessionFrame(
      session: inputs.session, route: route, round: 1, channel: .broadcast, payload: [UInt8](repeating: 1, count: 64))
  }
}

/// Takes a node's place with the node's own identity key and ports.
final class RogueMember: Sendable {
  let identity: NodeIdentity
  private let mesh: PeerMesh
  private let reading: Task<Void, Never>
  private let frames = Mutex<[PeerFrame]>([])

  /// Frames of request sessions that came, in order.
  var heard: [PeerFrame] { frames.withLock { $0 } }

  init(replacing node: TestNode, in network: TestNetwork, boasts: Bool = false) async throws {
    let vault = try #require(await node.vault)
    let key = try await NodeIdentityKey.open(in: vault)
    let port = try #require(await node.addresses?.peer.port)
    await node.stop()
    var random = SystemRandom()
    identity = try await NodeIdentity(
      network: network.network, node: node.id, instance: Instance(bytes: random.bytes(32)),
      configuration: network.network.digest, anchor: network.network.digest, signer: key,
      attester: SoftwareAttester(
        credentials: network.root.makeCredentials(now: network.clock.wall), measurement: .ofRunningExecutable()),
      now: network.clock.wall)
    let registry = try network.openRegistry()
    reading = Task { await registry.run() }
    var limits = PeerLinkLimits()
    if boasts { limits.keepAliveInterval = .milliseconds(50) }
    let truth = MembershipDirectory(registry, verifiers: [])
    mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: boasts ? BoastfulDirectory(truth: truth) : truth, clock: network.clock,
        logger: Logger(label: "rogue") { _ in SwiftLogNoOpLogHandler() }, limits: limits))
    try await mesh.start(host: "127.0.0.1", port: port) { [weak self] event in
      guard case .frame(let frame, _) = event else { return }
      switch frame {
      case .session, .want: self?.frames.withLock { $0.append(frame) }
      default: return
      }
    }
  }

  func send(_ frame: PeerFrame, to node: Node) async throws {
    try await mesh.send(frame, to: node.identity.node)
  }

  func waitForLinks(with nodes: [Node]) async throws {
    let wanted = Set(nodes.map(\.identity.instance))
    let deadline = ContinuousClock.now + .seconds(20)
    while await !wanted.isSubset(of: mesh.peers.map(\.instance)) {
      guard ContinuousClock.now < deadline else { throw TestNetworkError.timedOut(identity.node, nil) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  func stop() async {
    await mesh.stop()
    reading.cancel()
  }
}

/// Says every second time it is asked that the registry is far ahead of where it is.
private final class BoastfulDirectory: PeerDirectory {
  private let truth: MembershipDirectory
  private let count = Mutex<UInt64>(0)

  init(truth: MembershipDirectory) {
    self.truth = truth
  }

  func view() -> PeerView? {
    guard var view = truth.view() else { return nil }
    let count = count.withLock { count in
      count += 1
      return count
    }
    guard count.isMultiple(of: 2) else { return view }
    view.registry = RegistryPosition(number: view.registry.number + 100 + count, digest: view.registry.digest)
    return view
  }

  func changes() -> AsyncStream<Void> { truth.changes() }
}
