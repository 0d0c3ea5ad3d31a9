public import Attestation
public import Identifiers
public import Membership
public import Wire

/// Where a node learns what to expect of other nodes. Asked for every connection and again for every message.
public protocol PeerDirectory: Sendable {
  /// What the registry says now; nil while the view is too old to be used, in which case nobody is believed.
  func view() -> PeerView?

  /// An element after every change of the view.
  func changes() -> AsyncStream<Void>
}

/// Everything links between nodes need to know, at one registry position.
public struct PeerView: Sendable {
  public var network: NetworkID
  public var epoch: UInt64
  public var registry: RegistryPosition
  /// Members of the current and of the next epoch.
  public var members: [NodeID: ExpectedMember]
  public var policy: AttestationPolicy
  /// Values of a binding's anchor that are recent enough; the network id for a file registry.
  public var anchors: Set<Digest32>
  /// Another number when the policy judges by other statements of makers.
  public var knowledge: UInt64

  public init(
    network: NetworkID, epoch: UInt64, registry: RegistryPosition, members: [NodeID: ExpectedMember],
    policy: AttestationPolicy, anchors: Set<Digest32>, knowledge: UInt64 = 0
  ) {
    self.network = network
    self.epoch = epoch
    self.registry = registry
    self.members = members
    self.policy = policy
    self.anchors = anchors
    self.knowledge = knowledge
  }
}

/// What is expected of one member.
public struct ExpectedMember: Sendable, Hashable {
  /// Ed25519, 32 bytes.
  public var identityKey: [UInt8]
  public var hasSufficientStake: Bool
  /// Where it listens for other nodes.
  public var peerEndpoint: Endpoint
  /// Where it listens for users.
  public var clientEndpoint: Endpoint

  public init(
    identityKey: [UInt8], hasSufficientStake: Bool, peerEndpoint: Endpoint, clientEndpoint: Endpoint
  ) {
    self.identityKey = identityKey
    self.hasSufficientStake = hasSufficientStake
    self.peerEndpoint = peerEndpoint
    self.clientEndpoint = clientEndpoint
  }
}

extension PeerView {
  /// Membership and stake, in this order.
  func member(_ node: NodeID) throws(HandshakeRefusal) -> ExpectedMember {
    guard let member = members[node] else { throw .notMember }
    guard member.hasSufficientStake else { throw .insufficientStake }
    return member
  }
}
