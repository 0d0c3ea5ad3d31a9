public import Identifiers

/// Everything that can stand in one frame between two nodes: what the link itself says, or a ``PeerFrame``.
public enum LinkFrame: Sendable, Hashable {
  case hello(PeerHello)
  /// Asks for a new proof on an established link; 32 fresh bytes.
  case challenge(nonce: Digest32)
  case proof(PeerProof)
  case keepAlive(epoch: UInt64, registry: RegistryPosition)
  case peer(PeerFrame)
}

/// How far a node has read the registry: the number of the last update and its digest.
public struct RegistryPosition: Sendable, Hashable {
  public var number: UInt64
  public var digest: Digest32

  public init(number: UInt64, digest: Digest32) {
    self.number = number
    self.digest = digest
  }
}

/// The first frame of each end. Everything in it is a claim until the proof is verified.
public struct PeerHello: Sendable, Hashable {
  public var version: UInt32
  public var network: NetworkID
  public var epoch: UInt64
  public var from: NodeID
  public var to: NodeID
  public var instance: Instance
  public var nonce: Digest32
  public var registry: RegistryPosition

  public init(
    version: UInt32, network: NetworkID, epoch: UInt64, from: NodeID, to: NodeID, instance: Instance, nonce: Digest32,
    registry: RegistryPosition
  ) {
    self.version = version
    self.network = network
    self.epoch = epoch
    self.from = from
    self.to = to
    self.instance = instance
    self.nonce = nonce
    self.registry = registry
  }
}

/// Live evidence over the transcript of this handshake, and the transcript signed by the identity key.
public struct PeerProof: Sendable, Hashable {
  /// 1 … ``PeerFrameLimits/purpose`` characters out of `a-z`, `0-9` and `-`.
  public var evidenceKind: String
  /// At most ``PeerFrameLimits/evidence`` bytes.
  public var evidence: [UInt8]
  /// 64 bytes, Ed25519.
  public var identitySignature: [UInt8]

  public init(evidenceKind: String, evidence: [UInt8], identitySignature: [UInt8]) {
    self.evidenceKind = evidenceKind
    self.evidence = evidence
    self.identitySignature = identitySignature
  }
}

/// Sizes in bytes that hold for every frame.
public enum PeerFrameLimits {
  /// The length a frame may announce.
  public static let frame = 1 << 20
  /// A payload that still fits a frame with the fields around it.
  public static let payload = frame - 512
  public static let evidence = 16 << 10
  public static let purpose = 32
  /// Frames before the peer is verified hold a hello or a proof only.
  public static let handshakeFrame = evidence + 512
}

/// Why bytes are not a frame. Peers only ever send canonical frames, so this is their misbehaviour.
public enum PeerFrameError: Error, Sendable, Hashable {
  case tooLong
  /// Not one envelope with exactly one known frame in its only encoding.
  case notCanonical
  /// A field of a known frame has the wrong size or value.
  case invalidField(String)
}
