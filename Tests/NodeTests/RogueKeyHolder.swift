import Attestation
import Identifiers
import KeyGeneration
import Logging
import Membership
import Metrics
@testable import Node
import NodeHTTP
import NodeTestKit
import PeerLink
import PublicKeys
import Secrets
import Signatures
import Synchronization
import Testing
import Transcripts
import Vault
import Wire

/// Takes a node's place in key generation with the real code of a node, and with a hand on every frame that leaves it.
final class RogueKeyHolder: Sendable {
  /// What becomes of a frame to a node.
  typealias Hand = @Sendable (PeerFrame, NodeID) -> [PeerFrame]

  static let honest: Hand = { frame, _ in [frame] }
  /// Takes part in everything and lets no word about certificates out.
  static let silentAboutCertificates: Hand = { frame, _ in
    switch frame {
    case .certificateAcknowledgement, .certificateSignature, .certificateAbsence, .certificate: []
    default: [frame]
    }
  }
  /// Keeps its shares as everybody does, says so, and gives its signature to nobody.
  static let withholding: Hand = { frame, _ in
    switch frame {
    case .certificateSignature, .certificate: []
    default: [frame]
    }
  }

  let identity: NodeIdentity
  let key: Ed25519SigningKey
  let keyLife: KeyLife
  private let mesh: PeerMesh
  private let hand: Held
  private let running: [Task<Void, Never>]

  private final class Held: Sendable {
    let hand: Mutex<Hand>

    init(_ hand: @escaping Hand) {
      self.hand = Mutex(hand)
    }
  }

  init(replacing node: TestNode, in network: TestNetwork, _ first: @escaping Hand) async throws {
    let key = try await NodeIdentityKey.open(in: try #require(await node.vault))
    let port = try #require(await node.addresses?.peer.port)
    await node.stop()
    var random = SystemRandom()
    let clock = network.clock
    let identity = try await NodeIdentity(
      network: network.network, node: node.id, instance: Instance(bytes: random.bytes(32)),
      configuration: network.network.digest, anchor: network.network.digest, signer: key,
      attester: SoftwareAttester(
        credentials: network.root.makeCredentials(now: clock.wall), measurement: .ofRunningExecutable()),
      now: clock.wall)
    let registry = try network.openRegistry()
    let logger = Logger(label: "rogue") { _ in SwiftLogNoOpLogHandler() }
    let mesh = PeerMesh(
      identity: identity,
      surroundings: PeerSurroundings(
        directory: MembershipDirectory(registry, verifiers: []), clock: clock, logger: logger))
    let held = Held(first)
    let keyLife = KeyLife(
      KeyLifeSetup(
        node: node.id, instance: identity.instance, identity: key,
        vault: try Vault(
          .memory, owner: VaultOwner(network: network.network, node: node.id), sealing: FixedSealingKey()),
        membership: registry, clock: clock, counter: BootCounter(), limits: NodeLimits(), logger: logger,
        metrics: NodeMetrics(factory: PrometheusMetrics()),
        standing: Standing(
          node: node.id, identityKey: key.publicKey, membership: registry, clock: clock, highestWallClock: nil,
          seen: nil)
      ) { frame, node in
        for frame in held.hand.withLock({ $0 })(frame, node) { try? await mesh.send(frame, to: node) }
      })
    self.identity = identity
    self.key = key
    self.keyLife = keyLife
    self.mesh = mesh
    hand = held
    running = [
      Task { await registry.run() },
      Task { await keyLife.run() },
      Task {
        while (try? await Task.sleep(for: .seconds(1))) != nil { await keyLife.remind() }
      },
    ]
    try await mesh.start(host: "127.0.0.1", port: port) { event in
      switch event {
      case .up(let peer): await keyLife.connected(peer)
      case .frame(let frame, let peer): await keyLife.receive(frame, from: peer)
      case .down(let peer, _): await keyLife.disconnected(peer)
      case .registry: break
      }
    }
  }

  /// How it behaves from now on.
  func behave(_ hand: @escaping Hand) {
    self.hand.hand.withLock { $0 = hand }
  }

  /// Past its own hand.
  func send(_ frame: PeerFrame, to node: TestNode) async throws {
    try await mesh.send(frame, to: node.id)
  }

  /// What all have to sign, once its own key generation ended.
  var body: KeyCertificateBody? {
    get async { await keyLife.work?.ceremony?.body }
  }

  func stop() async {
    for task in running { task.cancel() }
    await mesh.stop()
  }
}

private struct FixedSealingKey: SealingKeyProvider {
  func sealingKey() throws(VaultError) -> SecretBytes { SecretBytes(copying: [UInt8](repeating: 5, count: 32)) }
}
