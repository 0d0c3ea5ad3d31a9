internal import Authorization
internal import ChainRegistry
internal import EthereumRPC
internal import Identifiers
internal import Membership
internal import Metrics

/// The registry a configuration names, read once, and what keeps reading it.
struct ConfiguredRegistry: Sendable {
  let source: any MembershipSource
  let snapshot: MembershipSnapshot
  let run: @Sendable () async -> Void
  let askContractWallet: ContractWalletQuestion?

  /// How long a starting node waits for the chain; whoever started it may start it again.
  private static let patience = Duration.seconds(60)

  init(
    _ configuration: NodeConfiguration, clock: any LocalClock, metrics: any MetricsFactory
  ) async throws(NodeBootError) {
    let path = configuration.registry.path
    switch configuration.registry {
    case .file:
      let registry: FileRegistry
      do {
        registry = try FileRegistry(
          storage: RegistryFile(path: path), network: configuration.network, clock: clock)
      } catch {
        throw .registry("\(path): \(error)")
      }
      guard let snapshot = registry.current else { throw .registry("\(path): too old") }
      source = registry
      self.snapshot = snapshot
      run = { await registry.run() }
      askContractWallet = nil
    case .chain(_, let list):
      let founding: FoundingDocument
      do {
        founding = try RegistryFile(path: path).founding(of: configuration.network)
      } catch {
        throw .registry("\(path): \(error)")
      }
      let registry: ChainRegistry
      do {
        registry = try ChainRegistry(founding: founding, list, clock: clock, metrics: metrics)
      } catch {
        throw .registry("\(path): \(error)")
      }
      do {
        snapshot = try await registry.begin(within: Self.patience)
      } catch {
        throw .registry("the chain: \(error.reason)")
      }
      source = registry
      run = { await registry.run() }
      askContractWallet = { signature in
        await registry.contractWallet(
          signature.wallet, signed: signature.digest, signature.signature, at: signature.block)
      }
    }
  }
}
