public import Identifiers

/// A node as the registry lists it.
public struct Member: Sendable, Hashable {
  public let registration: Registration
  /// Below the minimum stake a member stays listed and is not spoken to: that is how one is slashed.
  public let stake: UInt64

  public init(registration: Registration, stake: UInt64) {
    self.registration = registration
    self.stake = stake
  }

  public var node: NodeID { registration.node }
  /// Ed25519 public key, 32 bytes.
  public var identityKey: [UInt8] { registration.identityKey }
  public var peerEndpoint: Endpoint { registration.peerEndpoint }
  public var clientEndpoint: Endpoint { registration.clientEndpoint }
}

/// What a node says of itself, proved by a signature of its identity key: nobody registers another node's key.
public struct Registration: Sendable, Hashable {
  public let node: NodeID
  /// Ed25519 public key, 32 bytes.
  public let identityKey: [UInt8]
  public let peerEndpoint: Endpoint
  public let clientEndpoint: Endpoint
  /// Ed25519 over ``messageToSign(network:node:identityKey:peerEndpoint:clientEndpoint:)``, 64 bytes.
  public let proof: [UInt8]

  public static let identityKeyByteCount = 32
  public static let proofByteCount = 64

  /// - Parameter sign: the identity key's signature of the bytes it is given, 64 bytes.
  public init<Failure: Error>(
    network: NetworkID, node: NodeID, identityKey: [UInt8], peerEndpoint: Endpoint, clientEndpoint: Endpoint,
    signing sign: ([UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    self.node = node
    self.identityKey = identityKey
    self.peerEndpoint = peerEndpoint
    self.clientEndpoint = clientEndpoint
    proof = try sign(
      Self.messageToSign(
        network: network, node: node, identityKey: identityKey, peerEndpoint: peerEndpoint,
        clientEndpoint: clientEndpoint))
  }

  /// Not judged: the proof may be anybody's bytes.
  package init(node: NodeID, identityKey: [UInt8], peerEndpoint: Endpoint, clientEndpoint: Endpoint, proof: [UInt8]) {
    self.node = node
    self.identityKey = identityKey
    self.peerEndpoint = peerEndpoint
    self.clientEndpoint = clientEndpoint
    self.proof = proof
  }
}
