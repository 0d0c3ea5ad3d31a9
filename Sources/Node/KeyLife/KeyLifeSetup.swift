public import Identifiers
internal import Logging
internal import Membership
internal import PeerLink
internal import Signatures
internal import Transcripts
internal import Vault
internal import Wire

/// What the life of a node's keys needs from outside.
struct KeyLifeSetup: Sendable {
  let node: NodeID
  let instance: Instance
  let identity: Ed25519SigningKey
  let vault: Vault
  let membership: any MembershipSource
  let clock: any LocalClock
  let counter: BootCounter
  let limits: NodeLimits
  let logger: Logger
  let metrics: NodeMetrics
  let standing: Standing
  /// Hands a frame to the link with a node, if there is one.
  let send: @Sendable (PeerFrame, NodeID) async -> Void
}

/// Where a node is with the keys of the present epoch.
public struct KeyStatus: Sendable, Hashable {
  public enum State: String, Sendable, Hashable {
    /// Nothing to do: no registry view, or this node is no member.
    case none
    /// Not every member has announced a nonce for the next attempt.
    case waiting
    case generating
    /// Shares are there, the certificate is not complete.
    case certifying
    case active
    /// Something an operator has to look at; see ``problem``.
    case unusable
  }

  public var state: State = .none
  public var epoch: UInt64?
  /// Of the key generation, from 1; 0 when there was none.
  public var attempt: UInt32 = 0
  /// Whom the node waits for.
  public var missing: [NodeID] = []
  /// The digest of the key certificate, once it is complete.
  public var certificate: Digest32?
  /// Whether the registry names that certificate.
  public var isRegistered = false
  public var problem: String?

  public init() {}
}
