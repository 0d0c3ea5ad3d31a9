/// Every bound on connections between nodes.
public struct PeerLinkLimits: Sendable {
  /// TLS and peer handshake together.
  public var handshake: Duration = .seconds(5)
  public var keepAliveInterval: Duration = .seconds(1)
  /// How often a node looks at its own certificate.
  public var certificateInterval: Duration = .seconds(60)
  /// A peer that says nothing for this long is dead. Its owner knows within three seconds.
  public var silence: Duration = .milliseconds(2_750)
  /// A link proves itself anew at this age of the last proof …
  public var reattestAfter: Duration = .seconds(50 * 60)
  /// … and ends at this age.
  public var maximumProofAge: Duration = .seconds(60 * 60)
  /// A peer that asks for proofs more often is cut; proofs cost.
  public var minimumProofInterval: Duration = .seconds(60)
  /// Frames a peer may send: sustained, and at once.
  public var framesPerSecond = 2_000
  public var frameBurst = 4_000
  /// Bytes waiting for a peer to take them; a slower peer is cut.
  public var outboundQueueBytes = 8 << 20
  /// Bytes and frames of a peer waiting for this node to take them; a faster peer is cut.
  public var inboundQueueBytes = 8 << 20
  public var inboundQueueFrames = 4_096
  /// Incoming handshakes at once, in total and from one address.
  public var handshakesInFlight = 64
  public var handshakesInFlightPerAddress = 16
  /// Links one member may open: sustained, and at once. A handshake costs both ends evidence and signatures.
  public var linksPerSecondOfMember = 1
  public var linkBurstOfMember = 16
  /// Between two attempts to dial, before jitter: doubles from the first to the second.
  public var backOff: ClosedRange<Duration> = .milliseconds(100) ... .seconds(5)

  public init() {}
}
