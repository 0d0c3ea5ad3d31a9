internal import Identifiers
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
  var memory = RestartMemory.sealed
  /// Hands a frame to the link with a node, if there is one.
  let send: @Sendable (PeerFrame, NodeID) async -> Void
}
