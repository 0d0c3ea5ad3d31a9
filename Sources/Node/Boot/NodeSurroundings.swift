public import Actions
public import Attestation
public import Authorization
public import EthereumRPC
public import Identifiers
public import Logging
public import Membership
public import Metrics
public import PeerLink
public import Vault

/// Everything a node is given: registry, disk, attester, time, log and metrics.
public struct NodeSurroundings: Sendable {
  public var membership: any MembershipSource
  public var vault: Vault
  public var attester: any EvidenceProvider
  /// Of kinds of evidence that this project does not know, or in the place of one of its verifiers.
  public var verifiers: [any EvidenceVerifier]
  /// What makers of trusted execution environments say of their platforms.
  public var vendors: any VendorKnowledgeSource = FixedKnowledge()
  /// What of the vault outlives the process.
  public var memory = RestartMemory.sealed
  public var clock: any LocalClock
  public var logger: Logger
  public var metrics: any MetricsFactory
  public var linkLimits: PeerLinkLimits
  /// Looks for the sandbox of actions when the node starts; nil, and the node runs none.
  public var examineSandbox: SandboxExamination?
  public var actions = ActionSurroundings()
  /// Asks contracts that are wallets; nil where the registry is a file.
  public var askContractWallet: ContractWalletQuestion?
  /// What has to run beside the node for the others to work; each ends with its task.
  public var background: [@Sendable () async -> Void] = []

  public init(
    membership: any MembershipSource, vault: Vault, attester: any EvidenceProvider,
    verifiers: [any EvidenceVerifier] = [], clock: any LocalClock, logger: Logger, metrics: any MetricsFactory,
    linkLimits: PeerLinkLimits = PeerLinkLimits()
  ) {
    self.membership = membership
    self.vault = vault
    self.attester = attester
    self.verifiers = verifiers
    self.clock = clock
    self.logger = logger
    self.metrics = metrics
    self.linkLimits = linkLimits
  }
}

/// Finds out whether actions can run, see `SandboxProbe`.
public typealias SandboxExamination = @Sendable () async throws(SandboxProblem) -> VerifiedSandbox

/// Asks a wallet's contract about a signature; nil where its block is none to judge at.
public typealias ContractWalletQuestion = @Sendable (ContractSignature) async -> ContractWalletVerdict?
