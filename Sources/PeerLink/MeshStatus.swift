public import Attestation
public import Identifiers

/// The links of a node at one moment.
public struct MeshStatus: Sendable, Hashable {
  public struct Peer: Sendable, Hashable {
    public let node: NodeID
    /// Whether this node dials it, or waits to be dialled.
    public let dials: Bool
    /// Nil while there is none.
    public let link: Link?
    /// The reason of the last refusal or end of a link.
    public let lastProblem: String?
  }

  public struct Link: Sendable, Hashable {
    public let instance: Instance
    public let age: Duration
    public let measurement: Measurement
    public let isDevelopment: Bool
    /// Waiting for the peer to take them.
    public let queuedBytes: Int

    init(_ link: PeerLink, now: Duration) {
      instance = link.peer.instance
      age = now - link.since
      measurement = link.peer.evidence.measurement
      isDevelopment = link.peer.evidence.isDevelopment
      queuedBytes = link.queuedBytes
    }
  }

  /// All other members, ordered by node.
  public let peers: [Peer]
}
