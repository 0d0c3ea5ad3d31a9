@testable import Client
import Curves
import Identifiers
import Membership
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Synchronization
import Testing
import Wire

/// A network whose keys the test knows, behind connections that do whatever a test wants.
final class SimulatedNetwork: NodeConnector {
  static let nodeCount = 5

  let founding: FoundingDocument
  let members: [CertifiedMember]
  let identities: [NodeID: Ed25519SigningKey]
  let wallet: EthereumSigningKey
  let certificate: UnverifiedKeyCertificate
  let threshold: Threshold
  private let registered: MembershipSnapshot
  private let state = Mutex(State())

  private struct State {
    var behaviours: [NodeID: Behaviour] = [:]
    var certificates: [NodeID: [UInt8]] = [:]
    var requests: [(node: NodeID, request: SignedRequest)] = []
    var connections = 0
  }

  /// - Parameter registersCertificate: whether the registry names the key certificate.
  init(registersCertificate: Bool = true) throws {
    var random = SeededRandom(seed: 7)
    let stakers = try (0..<Self.nodeCount).map { _ in try EthereumSigningKey(from: &random) }
    let identities = Dictionary(
      stakers.map { (NodeID(staker: $0.address), Ed25519SigningKey(from: &random)) }, uniquingKeysWith: { $1 })
    let founding = try FoundingDocument(
      FoundingTerms(
        name: "simulated", evidenceKinds: ["software"], developmentRoots: [[2] + random.bytes(48)],
        minimumMembers: Self.nodeCount, minimumStake: 1, domain: "quorate.example", chainID: 1,
        maximumSnapshotAgeSeconds: 60, stakers: stakers.map { FoundingStaker(address: $0.address, stake: 1) }))
    var listed: [Member] = []
    for (place, node) in identities.keys.sorted().enumerated() {
      let key = try #require(identities[node])
      let registration = Registration(
        network: founding.network, node: node, identityKey: key,
        peerEndpoint: try Endpoint(host: "127.0.0.1", port: UInt16(9000 + place)),
        clientEndpoint: try Endpoint(host: "127.0.0.1", port: UInt16(9100 + place)))
      listed.append(Member(registration: registration, stake: 1))
    }
    members = try CertifiedMember.numbered(identities.map { (node: $0.key, identityKey: $0.value.publicKey) })
    threshold = try Threshold.twoThirds(of: Self.nodeCount)
    let body = try KeyCertificateBody(
      network: founding.network, epoch: 1, threshold: threshold, members: members,
      roots: KnownRoots.commitments(threshold))
    certificate = try UnverifiedKeyCertificate(
      body: body,
      signatures: identities.map { .init(node: $0.key, signature: $0.value.sign(body.messageToSign)) })
    wallet = try EthereumSigningKey(from: &random)

    var snapshot = try MembershipSnapshot(founding: founding).adding(.members(listed), signedBy: stakers)
    if registersCertificate {
      snapshot = try snapshot.adding(.keyCertificate(epoch: 1, digest: body.digest), signedBy: stakers)
    }
    for purpose in KeyPurpose.allCases where purpose.isSigning {
      let record = try Self.record(purpose, founding.network, wallet.address)
      snapshot = try snapshot.adding(.keyRecord(record), signedBy: [wallet])
    }
    registered = snapshot
    self.founding = founding
    self.identities = identities
  }

  var nodes: [NodeID] { members.map(\.node) }
  var snapshot: MembershipSnapshot { registered }

  func key(_ purpose: KeyPurpose) throws -> KeyID {
    try Self.record(purpose, founding.network, wallet.address).key
  }

  private static func record(
    _ purpose: KeyPurpose, _ network: NetworkID, _ owner: WalletAddress
  ) throws -> KeyRecord {
    try KeyRecord(
      network: network, purpose: purpose, owner: owner, salt: [UInt8](repeating: 1, count: 16),
      kinds: Set(SigningKind.allCases.filter(purpose.signs)), wallets: [owner])
  }

  // MARK: What the test decides

  func make(_ node: NodeID, _ behaviour: Behaviour) {
    state.withLock { $0.behaviours[node] = behaviour }
  }

  func present(_ certificate: [UInt8], at node: NodeID) {
    state.withLock { $0.certificates[node] = certificate }
  }

  func behaviour(of node: NodeID) -> Behaviour {
    state.withLock { $0.behaviours[node] ?? .honest }
  }

  func presentedCertificate(at node: NodeID) -> [UInt8] {
    state.withLock { $0.certificates[node] } ?? certificate.encoded
  }

  // MARK: What the test looks at

  func record(_ request: SignedRequest, at node: NodeID) {
    state.withLock { $0.requests.append((node, request)) }
  }

  /// Every request once, in the order of its first arrival.
  var requests: [SignedRequest] {
    state.withLock { state in
      var seen: Set<RequestID> = []
      return state.requests.map(\.request).filter { seen.insert($0.id).inserted }
    }
  }

  var connectionCount: Int { state.withLock(\.connections) }

  func connect(
    to member: Member, in snapshot: MembershipSnapshot
  ) async throws(ConnectionFailure) -> any NodeConnection {
    switch behaviour(of: member.node) {
    case .unreachable: throw .unreachable
    case .unverified: throw .notVerified("measurement")
    case .freezes where state.withLock { $0.requests.contains { $0.node == member.node } }:
      try? await Task.sleep(for: .seconds(30))
      throw .timedOut
    default: break
    }
    state.withLock { $0.connections += 1 }
    return SimulatedNode(network: self, node: member.node, identityKey: member.identityKey)
  }

  func client(
    limits: OrderRunner.Limits = OrderRunner.Limits(), clock: any LocalClock = SystemClock()
  ) -> QuorateClient {
    QuorateClient(
      registry: FixedRegistry(snapshot: registered), connector: self, clock: clock, certificateStore: nil,
      limits: limits)
  }
}

/// A registry that never changes.
struct FixedRegistry: MembershipSource {
  let snapshot: MembershipSnapshot?

  var current: MembershipSnapshot? { snapshot }

  var updates: AsyncStream<MembershipSnapshot> { AsyncStream { $0.finish() } }
}

extension MembershipSnapshot {
  func adding(_ change: RegistryChange, signedBy wallets: [EthereumSigningKey]) throws -> MembershipSnapshot {
    try applying(try proposing(change).signed(by: wallets))
  }
}
