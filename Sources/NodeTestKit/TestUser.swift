public import ActionNames
public import Authorization
public import Client
internal import Identifiers
internal import Node
internal import PeerLink
public import Membership
public import PublicKeys
internal import Secrets
public import Signatures
public import SigningContent
public import Wire

/// A user of a ``TestNetwork`` with a wallet, a registry reader and a client of its own.
public final class TestUser: Sendable {
  public let wallet: EthereumSigningKey
  public let client: QuorateClient
  public let registry: NetworkReader
  private let network: TestNetwork
  private let reading: Task<Void, Never>

  public init(of network: TestNetwork, connector: (any NodeConnector)? = nil) throws {
    var random = SystemRandom()
    wallet = try EthereumSigningKey(from: &random)
    let registry = try network.openRegistry()
    self.registry = registry
    self.network = network
    client = QuorateClient(
      registry: registry, connector: connector ?? Self.connector(registry, network), clock: network.clock)
    reading = Task { await registry.run() }
  }

  /// The way a real user goes: attested TLS to the client ports the registry names.
  private static func connector(_ registry: NetworkReader, _ network: TestNetwork) -> any NodeConnector {
    AttestedNodeConnector(directory: network.directory(registry), clock: network.clock)
  }

  deinit { reading.cancel() }

  public func session(_ grants: Set<Grant>) throws -> UserSession {
    var random = SystemRandom()
    return try UserSession(
      wallet: wallet, founding: network.founding, grants: grants, lifetime: 3600, now: network.clock.wall,
      from: &random)
  }

  /// Has a key of the wallet's put into the registry, and waits until this user and every node see it.
  public func makeKey(
    _ purpose: KeyPurpose, kinds: Set<SigningKind> = [.message, .file, .raw],
    actions: Set<ActionID> = [], constraints: ContentConstraints? = nil
  ) async throws -> KeyRecord {
    var random = SystemRandom()
    let record = try KeyRecord(
      network: network.network, purpose: purpose, owner: wallet.address, salt: random.bytes(16), kinds: kinds,
      wallets: [wallet.address], actions: actions, constraints: constraints)
    try await network.append(.keyRecord(record), signedBy: [wallet])
    let number = try await registry.number(with: record.key)
    try await network.waitUntil(within: .seconds(10)) {
      await $0.status.map { $0.registry?.number ?? 0 >= number } ?? true
    }
    return record
  }
}
