internal import ActionFetch
internal import Actions
internal import Attestation
internal import Foundation
public import Identifiers
public import Logging
internal import Membership
public import Metrics
internal import Vault

extension NodeSurroundings {
  /// What the configuration names: file registry, vault, attester; and this machine's sandbox for actions.
  public init(
    _ configuration: NodeConfiguration, logger: Logger, metrics: any MetricsFactory,
    clock: any LocalClock = SystemClock()
  ) async throws(NodeBootError) {
    let registry: FileRegistry
    do {
      registry = try FileRegistry(
        storage: RegistryFile(path: configuration.registry), network: configuration.network, clock: clock)
    } catch {
      throw .registry("\(configuration.registry): \(error)")
    }
    let attester = try Self.attester(configuration, isDevelopment: registry.current?.founding.isDevelopment ?? false)
    let vault: Vault
    do {
      vault = try Vault(
        .file(path: configuration.vaultPath),
        owner: VaultOwner(network: configuration.network, node: configuration.node),
        sealing: DevelopmentKeyFile(path: configuration.sealingKeyPath))
    } catch {
      throw .vault(error)
    }
    self.init(
      membership: registry, vault: vault, attester: attester, clock: clock, logger: logger, metrics: metrics)
    background = [{ await registry.run() }]
    let endpoints = registry.current?.founding.developmentEndpoints ?? []
    do {
      actions.fetch = try FetchClient(addresses: configuration.fetch.addressGuard(endpoints), clock: clock)
      if !configuration.gateways.isEmpty {
        actions.code = try ActionGateways(
          templates: configuration.gateways, mostCode: configuration.limits.ofActions.code, clock: clock)
      }
    } catch {
      throw .configuration("fetch: \(error)")
    }
    actions.rpcURLs = configuration.rpcURLs
    examineSandbox = { () async throws(SandboxProblem) in try await SandboxProbe.examine() }
  }

  private static func attester(
    _ configuration: NodeConfiguration, isDevelopment: Bool
  ) throws(NodeBootError) -> any EvidenceProvider {
    switch configuration.attestation {
    case .software(let path):
      guard isDevelopment else {
        throw .attestation("this network's founding document does not accept software evidence")
      }
      do {
        let credentials = try SoftwareCredentials(pem: String(contentsOfFile: path, encoding: .utf8))
        return SoftwareAttester(credentials: credentials, measurement: try .ofRunningExecutable())
      } catch {
        throw .attestation("\(path): \(error)")
      }
    }
  }
}
