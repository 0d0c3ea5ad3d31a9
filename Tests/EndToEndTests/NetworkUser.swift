import Authorization
import Client
import Foundation
import Identifiers
import Membership
import NodeTestKit
import PeerLink
import Secrets
import Signatures
import Wire

/// The command line's user, with the library: for what the command line has no word for.
final class NetworkUser {
  let wallet: EthereumSigningKey
  let registry: FileRegistry
  let clock = SystemClock()
  private let reading: Task<Void, Never>

  /// - Parameter network: one whose user has a wallet.
  init(of network: ProcessNetwork) throws {
    let file = network.user.home.appendingPathComponent("wallets/default.json")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    guard lines.count == 2 else { throw ProgramFailure.unexpected("a wallet of \(lines.count) lines") }
    wallet = try EthereumSigningKey(secret: SecretBytes(copying: Hex.decode(lines[1].utf8)))
    let registry = try FileRegistry(
      storage: RegistryFile(path: network.path.appendingPathComponent("network.json").path),
      network: NetworkID(text: network.id), clock: clock)
    self.registry = registry
    reading = Task { await registry.run() }
  }

  deinit { reading.cancel() }

  /// One without open connections.
  func newClient() -> QuorateClient {
    let directory = MembershipDirectory(registry, verifiers: [])
    return QuorateClient(
      registry: registry, connector: AttestedNodeConnector(directory: directory, clock: clock), clock: clock)
  }

  func session(_ grants: Set<Grant>) throws -> UserSession {
    guard let founding = registry.current?.founding else { throw ClientError.registryUnavailable }
    var random = SystemRandom()
    return try UserSession(
      wallet: wallet, founding: founding, grants: grants, lifetime: 3600, now: clock.wall, from: &random)
  }

  /// The wallet's first key; nil before it has one.
  var key: KeyID? {
    registry.refresh()
    return registry.current?.keyRecords(of: wallet.address).first?.key
  }

  /// Verified connections to these nodes, in their order.
  func ports(_ nodes: [String]) async throws -> [ClientPort] {
    registry.refresh()
    var ports: [ClientPort] = []
    for node in nodes { ports.append(try await ClientPort(to: NodeID(text: node), in: registry, clock: clock)) }
    return ports
  }

  /// Sends a request to all these nodes at the same time.
  func outcomes(of request: ManualRequest, at ports: [ClientPort]) async throws -> [ReplyOutcome] {
    try await withThrowingTaskGroup(of: ReplyOutcome.self) { group in
      for port in ports { group.addTask { try await port.outcome(of: request) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}

extension ReplyOutcome {
  var isShare: Bool {
    switch self {
    case .signatureShare, .ecdsaShare, .decryptionShare: true
    case .execution, .failed: false
    }
  }
}
