internal import Identifiers
internal import Logging
internal import Membership
internal import Transcripts
internal import Wire

/// What the life of a node's pair set-ups needs from outside. No disk: set-ups are never written.
struct PairLifeSetup: Sendable {
  let node: NodeID
  let instance: Instance
  let membership: any MembershipSource
  let clock: any LocalClock
  let counter: BootCounter
  let logger: Logger
  let metrics: NodeMetrics
  let standing: Standing
  /// Hands a frame to the link with a node, if there is one.
  let send: @Sendable (PeerFrame, NodeID) async -> Void
}
