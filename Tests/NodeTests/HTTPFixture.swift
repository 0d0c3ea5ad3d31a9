import Attestation
import Identifiers
import Logging
import Membership
import NIOCore
import Node
@testable import NodeHTTP
import PeerLink
import Secrets
import Signatures
import Synchronization
import Testing
import Transcripts
import Wire

/// A node whose answers the test decides, with a true identity.
final class ScriptedNode: NodeInterface {
  struct Script: Sendable {
    var answer: @Sendable (RequestSubmission, RequestKind) async throws(NodeRefusal) -> [UInt8] =
      { (submission, _) throws(NodeRefusal) in Array("{\"requestID\":\"\(submission.request.id)\"}".utf8) }
    var refusesNetwork: NodeRefusal?
    var readiness = NodeReadiness.ready
  }

  let identity: NodeIdentity
  let script: Mutex<Script>
  private let life = AsyncStream.makeStream(of: Never.self)
  private let events = Mutex<[String]>([])
  /// What was done with this node, in order.
  var log: [String] { events.withLock { $0 } }

  init(_ identity: NodeIdentity, _ script: Script) {
    self.identity = identity
    self.script = Mutex(script)
  }

  private func note(_ event: String) { events.withLock { $0.append(event) } }

  func describeNetwork() async throws(NodeRefusal) -> NetworkDescription {
    if let refusal = script.withLock(\.refusesNetwork) { throw refusal }
    return description
  }

  var description: NetworkDescription {
    NetworkDescription(
      network: identity.network, founding: [1, 2, 3], registryNumber: 5, registryDigest: identity.network.digest,
      epoch: 3, certificate: nil, node: identity.node, instance: identity.instance, isDevelopment: true)
  }

  func answer(
    _ submission: RequestSubmission, _ kind: RequestKind, from origin: RequestOrigin?
  ) async throws(NodeRefusal) -> [UInt8] {
    let answer = script.withLock(\.answer)
    let bytes = try await answer(submission, kind)
    note("answered \(kind)")
    return bytes
  }

  func readiness() async -> NodeReadiness { script.withLock(\.readiness) }

  func status() async -> NodeStatus {
    NodeStatus(
      network: identity.network, node: identity.node, instance: identity.instance,
      identityKey: [UInt8](repeating: 7, count: 32), isDevelopment: true, registry: nil, epoch: nil,
      readiness: .notReady(reason: "keys-missing", detail: "None."),
      keys: .init(state: .waiting, missing: [identity.node]),
      peers: [.init(node: identity.node, instance: nil, dials: true, problem: "closed")], pendingRequests: 2,
      sessions: 1)
  }

  func start() async throws -> ListenAddress { ListenAddress(host: "127.0.0.1", port: 1) }

  func run() async throws {
    for await _ in life.stream {}
    note("ended")
  }

  func drain() async { note("drain") }

  func stop() async {
    note("stop")
    life.continuation.finish()
  }
}

/// A running server and a user who has its founding document.
struct ServedNode {
  let node: ScriptedNode
  let server: NodeServer
  let addresses: BoundAddresses
  let running: Task<Void, any Error>
  let metrics: PrometheusMetrics
  private let connector: AttestedConnector

  /// Runs a server on loopback for as long as the body runs.
  static func run(
    _ script: ScriptedNode.Script = .init(), change: (inout HTTPLimits) -> Void = { _ in },
    _ body: (ServedNode) async throws -> Void
  ) async throws {
    var limits = HTTPLimits(NodeLimits())
    limits.drain = .seconds(2)
    change(&limits)
    let network = NetworkID(TaggedHash.sha256(.founding, [Array("HTTP".utf8)]))
    let root = DevelopmentRoot()
    let measurement = try Measurement(bytes: [UInt8](repeating: 7, count: Measurement.byteCount))
    var random = SystemRandom()
    let key = Ed25519SigningKey(from: &random)
    let clock = SystemClock()
    let identity = try await NodeIdentity(
      network: network, node: NodeID(bytes: [UInt8](repeating: 3, count: 20)),
      instance: Instance(bytes: random.bytes(32)), configuration: network.digest, anchor: network.digest, signer: key,
      attester: SoftwareAttester(credentials: root.makeCredentials(now: clock.wall), measurement: measurement),
      now: clock.wall)
    let node = ScriptedNode(identity, script)
    let metrics = PrometheusMetrics()
    let any = ListenAddress(host: "127.0.0.1", port: 0)
    let configuration = NodeConfiguration(
      network: network, node: identity.node, registry: .file(""), data: "", attestation: .software(credentials: ""),
      clientAddress: any, peerAddress: any, adminAddress: any)
    let server = NodeServer(
      node: node, configuration: configuration, userLimits: limits,
      logger: Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics)
    let running = Task { try await server.run() }
    let addresses = try await server.boundAddresses
    let endpoint = try Endpoint(host: "127.0.0.1", port: UInt16(addresses.client.port))
    let view = PeerView(
      network: network, epoch: 3, registry: RegistryPosition(number: 5, digest: network.digest),
      members: [
        identity.node: ExpectedMember(
          identityKey: key.publicKey, hasSufficientStake: true, peerEndpoint: endpoint, clientEndpoint: endpoint)
      ],
      policy: AttestationPolicy(
        allowed: [.software: [measurement]], verifiers: [SoftwareEvidenceVerifier(roots: [root.publicKey])]),
      anchors: [network.digest])
    let served = ServedNode(
      node: node, server: server, addresses: addresses, running: running, metrics: metrics,
      connector: AttestedConnector(directory: OneMember(value: view), clock: clock))
    do {
      try await body(served)
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    try await running.value
  }

  /// TLS whose certificate was verified, and nothing more yet.
  func attestedConnection() async throws -> (AttestedConnection<RawCollector>, RawConnection) {
    let attested = try await connector.connect(to: node.identity.node) { channel in
      let collector = RawCollector()
      try channel.pipeline.syncOperations.addHandler(collector)
      return collector
    }
    return (attested, RawConnection(channel: attested.channel, collector: attested.output))
  }

  func connection() async throws -> RawConnection { try await attestedConnection().1 }

  func adminConnection() async throws -> RawConnection { try await .plain(port: addresses.admin.port) }

  func has(_ line: String) -> Bool { metrics.render().split(separator: "\n").contains { $0.hasPrefix(line) } }
}

/// A well-formed request to sign or decrypt; the scripted node does not judge it.
func submission(_ content: Wire.Operation? = nil) throws -> RequestSubmission {
  func filled(_ byte: UInt8, _ count: Int = 32) -> [UInt8] { [UInt8](repeating: byte, count: count) }
  let entry = try QuorumEntry(node: NodeID(bytes: filled(3, 20)), instance: Instance(bytes: filled(0x13)))
  let payload = try RequestPayload(
    network: NetworkID(bytes: filled(0xaa)), epoch: 7, quorum: Quorum([entry]),
    operation: content ?? .sign(key: KeyID(bytes: filled(0xbb)), content: .message(Array("hello".utf8))),
    replyKey: ReplyPublicKey(bytes: filled(9)), nonce: filled(1, 16),
    issuedAt: Timestamp(text: "2026-03-04T05:06:07Z"), expiresAt: Timestamp(text: "2026-03-04T05:11:07Z"),
    capability: Capability(siwe: "text", signature: filled(0xcd, 65)))
  let builder = RequestBuilder(sessionKey: try Ed25519SigningKey(seed: SecretBytes(copying: filled(1))))
  let request = try builder.sign(payload)
  return RequestSubmission(request: request, delivery: builder.delivery(of: request, to: entry))
}
