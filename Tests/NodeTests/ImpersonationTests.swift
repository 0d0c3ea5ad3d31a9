import Attestation
import Authorization
import Client
import Identifiers
import Logging
import Membership
import NIOCore
import Node
import NodeHTTP
import NodeTestKit
import PeerLink
import PublicKeys
import Secrets
import Signatures
import Testing
import Wire

/// Somebody with the development root, who can have any code attested as any node, at a member's own ports.
@Suite(.serialized) struct `The leaked development root` {
  @Test(.timeLimit(.minutes(3)))
  func `T2 T4 makes nobody a member, neither towards peers nor towards a client`() async throws {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let impostor = try await Impostor(of: nodes[0], in: network)

      // The least of all identifiers dials everybody, so everybody gets to judge it.
      try await network.waitUntil(within: .seconds(20), of: Array(nodes.dropFirst())) { node in
        await node.metrics.render().split(separator: "\n").contains { line in
          line.hasPrefix("quorate_peer_handshakes_refused_total") && line.contains("identity-signature")
        }
      }
      for node in nodes.dropFirst() {
        #expect(await node.status?.peers.first { $0.node == nodes[0].id }?.instance == nil)
        #expect(await node.isReady)
      }

      let snapshot = try #require(user.registry.current)
      let member = try #require(snapshot.members.first { $0.node == nodes[0].id })
      let truth = MembershipDirectory(user.registry, verifiers: [])
      await #expect(throws: ConnectionFailure.notVerified("identity-signature")) {
        try await AttestedNodeConnector(directory: truth, clock: network.clock).connect(to: member, in: snapshot)
      }
      // The control: whoever is content with the certificate, whose evidence is genuine, is deceived.
      let deceived = try await AttestedConnector(directory: truth, clock: network.clock)
        .connect(to: member.node) { _ in }
      #expect(deceived.instance == impostor.identity.instance)
      try? await deceived.channel.close()

      // The four others serve the user meanwhile.
      let session = try user.session([.sign(with: record.key)])
      _ = try await user.client.sign(.message([1]), with: record.key, as: session)
      #expect(impostor.node.log.isEmpty, "a request reached the impostor")
      await impostor.stop()
    }
  }
}

/// Announces a member's identity key, has genuine evidence for that, and signs with a key of its own.
private struct Impostor {
  let identity: NodeIdentity
  let node: ScriptedNode
  private let mesh: PeerMesh
  private let reading: Task<Void, Never>
  private let serving: Task<Void, any Error>

  private struct FalseSigner: IdentitySigner {
    let publicKey: [UInt8]
    let key: Ed25519SigningKey

    func sign(_ message: [UInt8]) throws -> [UInt8] { key.sign(message) }
  }

  init(of victim: TestNode, in network: TestNetwork) async throws {
    let announced = try #require(await victim.status?.identityKey)
    let addresses = try #require(await victim.addresses)
    await victim.stop()
    var random = SystemRandom()
    let key = Ed25519SigningKey(from: &random)
    identity = try await NodeIdentity(
      network: network.network, node: victim.id, instance: Instance(bytes: random.bytes(32)),
      configuration: network.network.digest, anchor: network.network.digest,
      signer: FalseSigner(publicKey: announced, key: key),
      attester: SoftwareAttester(
        credentials: network.root.makeCredentials(now: network.clock.wall), measurement: .ofRunningExecutable()),
      now: network.clock.wall)
    let registry = try network.openRegistry()
    reading = Task { await registry.run() }
    let silent = Logger(label: "impostor") { _ in SwiftLogNoOpLogHandler() }
    mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: MembershipDirectory(registry, verifiers: []), clock: network.clock, logger: silent))
    try await mesh.start(host: "127.0.0.1", port: addresses.peer.port) { _ in }
    node = ScriptedNode(identity, .init())
    let any = ListenAddress(host: "127.0.0.1", port: 0)
    let server = NodeServer(
      node: node,
      configuration: NodeConfiguration(
        network: network.network, node: victim.id, registry: .file(""), data: "",
        attestation: .software(credentials: ""),
        clientAddress: addresses.client, peerAddress: any, adminAddress: any),
      logger: silent, metrics: PrometheusMetrics())
    serving = Task { try await server.run() }
    _ = try await server.boundAddresses
  }

  func stop() async {
    await mesh.stop()
    await node.stop()
    serving.cancel()
    _ = await serving.result
    reading.cancel()
  }
}
