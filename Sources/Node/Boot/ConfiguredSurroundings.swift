internal import ActionFetch
internal import Actions
public import Attestation
internal import Foundation
public import Identifiers
public import Logging
internal import Membership
public import Metrics
internal import Vault

extension NodeSurroundings {
  /// What the configuration names and the machine has: registry, attester, vault; and the sandbox for actions.
  ///
  /// - Parameter kernel: asked for the trusted execution environment.
  public init(
    _ configuration: NodeConfiguration, logger: Logger, metrics: any MetricsFactory,
    clock: any LocalClock = SystemClock(), kernel: any KernelInterface = LinuxKernel()
  ) async throws(NodeBootError) {
    let registry = try await ConfiguredRegistry(configuration, clock: clock, metrics: metrics)
    let snapshot = registry.snapshot
    let attester = try NodeAttester.find(configuration.attestation, snapshot, kernel: kernel, clock: clock)
    let (vault, memory) = try configuration.openVault(kind: attester.kind, kernel: kernel)
    let vendors = VendorFiles(folder: VendorFolder.path(besideRegistry: configuration.registry.path))
    self.init(
      membership: registry.source, vault: vault, attester: attester, clock: clock, logger: logger, metrics: metrics)
    self.vendors = vendors
    self.memory = memory
    askContractWallet = registry.askContractWallet
    background = [registry.run, { await Self.follow(vendors, clock: clock, logger: logger) }]
    let endpoints = snapshot.founding.developmentEndpoints
    do {
      actions.fetch = try FetchClient(addresses: configuration.fetch.addressGuard(endpoints), clock: clock)
      if !configuration.gateways.isEmpty {
        actions.code = try ActionGateways(
          templates: configuration.gateways, mostCode: configuration.limits.ofActions.code, clock: clock)
      }
      actions.chains = try ChainEndpoints(urls: configuration.rpcURLs, clock: clock)
      actions.publicChainURLs = configuration.publicRPCURLs
    } catch {
      throw .configuration("fetch: \(error)")
    }
    actions.libraries = InstalledLibraries.find()
    examineSandbox = { () async throws(SandboxProblem) in try await SandboxProbe.examine() }
  }

  private static let vendorInterval = Duration.seconds(60)

  /// Statements of makers are replaced while the node runs.
  private static func follow(_ vendors: VendorFiles, clock: any LocalClock, logger: Logger) async {
    var said: [String] = []
    repeat {
      let problems = vendors.problems(at: clock.wall)
      if problems != said {
        said = problems
        for problem in said { logger.warning("a maker's statement does not count", metadata: ["file": "\(problem)"]) }
      }
      guard (try? await clock.sleep(for: vendorInterval)) != nil else { return }
      vendors.refresh()
    } while !Task.isCancelled
  }
}
