public import Attestation
public import Identifiers
public import Wire

/// A node that proved on one connection which node, which instance and which code it is.
public struct AttestedPeer: Sendable, Hashable {
  public let node: NodeID
  public let instance: Instance
  /// As in the registry; the proof was signed by it.
  public let identityKey: [UInt8]
  /// What its certificate vouches for, such as its HPKE key.
  public let binding: CertificateBinding
  /// The live one.
  public let evidence: VerifiedEvidence
  /// The epoch it named in its hello.
  public let epoch: UInt64
  /// How far it had read the registry at the handshake.
  public let registry: RegistryPosition
}
