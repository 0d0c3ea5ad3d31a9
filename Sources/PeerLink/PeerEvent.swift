import Identifiers
public import Wire

/// What the mesh tells its owner. Events of one peer come one after the other; those of several peers side by side.
public enum PeerEvent: Sendable {
  /// A peer proved itself; frames to it can be sent from now on.
  case up(AttestedPeer)
  case frame(PeerFrame, from: AttestedPeer)
  /// How far the peer has read the registry: at the handshake and with every keep-alive that says something new.
  case registry(RegistryPosition, epoch: UInt64, from: AttestedPeer)
  /// The last event of this link.
  case down(AttestedPeer, LinkEnd)
}

/// Why a link between two nodes ended.
public enum LinkEnd: Error, Sendable, Hashable {
  case closedByPeer
  /// Nothing was heard for the limit.
  case silent
  /// It does not take what this node sends.
  case slowReader
  case tooManyFrames
  /// This node does not keep up with what it sends.
  case inboundQueueFull
  case malformedFrame
  case oversizedFrame
  case unexpectedFrame
  case proofTooOld
  /// This node's or the peer's certificate ran out; the next link has new ones.
  case certificateExpired
  /// It is not what it was: no longer a member, no longer accepted code, or it failed to prove itself again.
  case refused(HandshakeRefusal)
  /// The same node, verified again on a newer connection.
  case replaced
  case stopping

  /// A fixed word for logs and metrics.
  public var reason: String {
    switch self {
    case .closedByPeer: "closed-by-peer"
    case .silent: "silent"
    case .slowReader: "slow-reader"
    case .tooManyFrames: "too-many-frames"
    case .inboundQueueFull: "inbound-queue-full"
    case .malformedFrame: "malformed-frame"
    case .oversizedFrame: "oversized-frame"
    case .unexpectedFrame: "unexpected-frame"
    case .proofTooOld: "proof-too-old"
    case .certificateExpired: "certificate-expired"
    case .refused(let refusal): refusal.reason
    case .replaced: "replaced"
    case .stopping: "stopping"
    }
  }

  init(_ refusal: HandshakeRefusal) {
    self =
      switch refusal {
      case .closedByPeer, .tls: .closedByPeer
      case .oversizedFrame: .oversizedFrame
      case .malformedFrame: .malformedFrame
      case .unexpectedFrame: .unexpectedFrame
      case .stopping: .stopping
      default: .refused(refusal)
      }
  }
}

/// Why a frame was not sent.
public enum PeerSendError: Error, Sendable, Hashable {
  case notConnected
  /// The peer takes too little; its link is being cut.
  case queueFull
  /// No receiver would accept this frame.
  case invalid(PeerFrameError)
}
