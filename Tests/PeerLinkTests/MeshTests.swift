import Attestation
import Identifiers
import Logging
import Membership
import MetricsTestKit
@testable import PeerLink
import Testing
import Wire

extension Loopback {
  @Suite struct MeshTests {
    @Test func `two members find each other, and each knows the other's instance`() async throws {
      let network = TestNetwork()
      let (a, b) = (try await network.node(1), try await network.node(2))
      try network.introduce(a, b)
      try await eventually("both links are up") {
        await areLinked(a, b)
      }
      let peer = try #require(await a.mesh.peer(b.id))
      #expect(peer.instance == b.identity.instance)
      #expect(await b.mesh.peer(a.id)?.instance == a.identity.instance)
      #expect(peer.evidence.isDevelopment)
      #expect(peer.binding == b.identity.certificate.binding)
      #expect(peer.epoch == 3)
      let status = await a.mesh.status()
      #expect(status.peers.map(\.node) == [b.id])
      #expect(status.peers.first?.dials == true)
      #expect(status.peers.first?.link?.instance == b.identity.instance)
      #expect(status.peers.first?.lastProblem == nil)
      await a.mesh.stop()
      await b.mesh.stop()
      #expect(await a.events.downs == [.stopping])
      #expect(await a.mesh.peers.isEmpty)
    }

    @Test func `frames arrive in the order they were sent, whole, in both directions`() async throws {
      let network = TestNetwork()
      let (a, b) = (try await network.node(1), try await network.node(2))
      try network.introduce(a, b)
      try await eventually("both links are up") { await areLinked(a, b) }
      let frames = (0..<200).map { frame(payload: [UInt8](repeating: UInt8($0), count: $0 * 101), round: UInt8($0)) }
      for frame in frames {
        try await a.mesh.send(frame, to: b.id)
        try await b.mesh.send(frame, to: a.id)
      }
      let largest = frame(payload: [UInt8](repeating: 9, count: PeerFrameLimits.payload), round: 201)
      try await a.mesh.send(largest, to: b.id)
      try await eventually("all frames are there") {
        let (atA, atB) = (await a.events.frames.count, await b.events.frames.count)
        return atA == 200 && atB == 201
      }
      #expect(await a.events.frames == frames)
      #expect(await b.events.frames == frames + [largest])
      await a.mesh.stop()
      await b.mesh.stop()
    }

    @Test func `a start that failed may be tried again, a second one may not`() async throws {
      let network = TestNetwork()
      let other = try await network.node(2)
      let mesh = PeerMesh(
        identity: try await network.identity(1),
        surroundings: PeerSurroundings(
          directory: network.directory, clock: SystemClock(),
          logger: Logger(label: "silent") { _ in
            SwiftLogNoOpLogHandler()
          }, metrics: TestMetrics(), limits: .forTests))
      await #expect(throws: (any Error).self) { try await mesh.start(host: "127.0.0.1", port: other.port) { _ in } }
      let port = try await mesh.start(host: "127.0.0.1", port: 0) { _ in }
      #expect(port != other.port)
      await #expect(throws: PeerMeshError.alreadyStarted) { try await mesh.start(host: "127.0.0.1", port: 0) { _ in } }
      await mesh.stop()
      await #expect(throws: PeerMeshError.stopped) { try await mesh.start(host: "127.0.0.1", port: 0) { _ in } }
      await other.mesh.stop()
    }

    @Test func `five members have ten links`() async throws {
      let network = TestNetwork()
      var nodes: [TestNode] = []
      for byte in 1...5 as ClosedRange<UInt8> { nodes.append(try await network.node(byte)) }
      try network.introduce(nodes[0], nodes[1], nodes[2], nodes[3], nodes[4])
      for node in nodes {
        try await eventually("all links are up") { await node.mesh.peers.count == 4 }
      }
      try await eventually("everybody was told") { await all(nodes) { await $0.events.ups.count == 4 } }
      for node in nodes { await node.mesh.stop() }
    }

    @Test func `nothing is sent to whom there is no link, and no frame nobody would accept`() async throws {
      let network = TestNetwork()
      let (a, b) = (try await network.node(1), try await network.node(2))
      await #expect(throws: PeerSendError.notConnected) { try await a.mesh.send(frame(), to: b.id) }
      try network.introduce(a, b)
      try await eventually("the link is up") { await a.mesh.peer(b.id) != nil }
      let tooLong = frame(payload: [UInt8](repeating: 0, count: PeerFrameLimits.payload + 1))
      await #expect(throws: PeerSendError.invalid(.invalidField("payload"))) {
        try await a.mesh.send(tooLong, to: b.id)
      }
      #expect(await a.mesh.peer(b.id) != nil)
      await a.mesh.stop()
      await #expect(throws: PeerSendError.notConnected) { try await a.mesh.send(frame(), to: b.id) }
      await b.mesh.stop()
    }

    @Test func `T14 a link that broke comes back, with the last event of the old before the first of the new`()
      async throws
    {
      let network = TestNetwork()
      let (a, b) = (try await network.node(1), try await network.node(2))
      let proxy = try await FaultProxy(to: b.port)
      try network.introduce(a, b, detours: [b.id: proxy.port])
      try await eventually("the link is up") { await all([a, b]) { await $0.events.ups.count == 1 } }
      await proxy.cutAll()
      try await eventually("the link is up again") { await all([a, b]) { await $0.events.ups.count == 2 } }
      for node in [a, b] {
        let order = await node.events.all.compactMap { event in
          switch event {
          case .up: "up"
          case .down: "down"
          case .frame, .registry: nil
          }
        }
        #expect(order == ["up", "down", "up"])
      }
      await a.mesh.stop()
      await b.mesh.stop()
      await proxy.stop()
    }

    @Test func `a node that restarted is known by its new instance`() async throws {
      let network = TestNetwork()
      let (a, b) = (try await network.node(1), try await network.node(2))
      try network.introduce(a, b)
      try await eventually("the link is up") { await a.mesh.peer(b.id) != nil }
      await b.mesh.stop()
      let again = try await network.node(2)
      // The identity key of a restarted node would be the sealed one; here its registration changes with it.
      try network.introduce(again)
      try await eventually("the new instance is there") {
        await a.mesh.peer(b.id)?.instance == again.identity.instance
      }
      #expect(again.identity.instance != b.identity.instance)
      await a.mesh.stop()
      await again.mesh.stop()
    }

    @Test func `T14 a peer that went silent is noticed though its connection stays open`() async throws {
      var limits = PeerLinkLimits.forTests
      limits.silence = .seconds(1)
      let network = TestNetwork()
      let (a, b) = (try await network.node(1, limits: limits), try await network.node(2, limits: limits))
      let proxy = try await FaultProxy(to: b.port)
      try network.introduce(a, b, detours: [b.id: proxy.port])
      try await eventually("the link is up") { await areLinked(a, b) }
      await proxy.freeze()
      try await eventually("both notice") {
        await all([a, b]) { await $0.events.downs.first == .silent }
      }
      await a.mesh.stop()
      await b.mesh.stop()
      await proxy.stop()
    }

    @Test func `the registry positions of both ends are exchanged at the handshake and whenever they change`()
      async throws
    {
      let network = TestNetwork()
      let ahead = network.directory.copy()
      let a = try await network.node(1)
      let b = try await network.node(2, directory: ahead)
      try network.introduce(a, b)
      let newer = RegistryPosition(number: 77, digest: network.network.digest)
      let members = try #require(network.directory.view()).members
      ahead.change { $0.members = members }
      try await eventually("the first position came") { await positions(a).count == 1 }
      ahead.change {
        $0.registry = newer
        $0.epoch = 4
      }
      try await eventually("the newer position came") { await positions(a).last == newer }
      #expect(await positions(a).count == 2)
      await a.mesh.stop()
      await b.mesh.stop()
    }

    private func positions(_ node: TestNode) async -> [RegistryPosition] {
      await node.events.all.compactMap { if case .registry(let position, _, _) = $0 { position } else { nil } }
    }
  }
}

func frame(payload: [UInt8] = [1], round: UInt8 = 1) -> PeerFrame {
  .networkSession(NetworkSessionFrame(session: SessionID.zero, round: round, channel: .direct, payload: payload))
}
