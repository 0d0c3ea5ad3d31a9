public import Aggregation
public import Curves
public import Identifiers
public import PublicKeys
public import SecretSharing

/// What a quorum was asked to sign, and under which key; fixed before the first nonce exists.
///
/// The node makes it from its own pending request. A signer never takes digest, key or quorum from a peer.
public struct ECDSASigningOrder: Sendable {
  public let digest: Digest32
  public let publicKey: Secp256k1.Element
  public let quorum: PartySet
  public let threshold: Threshold
  /// The host's digest of everything all signers must have been asked alike: request id, digest, key id, epoch, quorum.
  public let agreement: Digest32
  /// `h`, the digest modulo the order; never zero.
  let scalar: Secp256k1.Scalar

  /// - Throws: ``Aggregation/ECDSAInputError`` for a key of another purpose, a quorum that is not exactly `t` certified
  ///   parties, and a digest of zero modulo the order.
  public init(
    digest: Digest32, key: DerivedPublicKey<Secp256k1>, quorum: PartySet, agreement: Digest32
  ) throws(ECDSAInputError) {
    scalar = try key.ecdsaScalar(of: digest, signedBy: quorum)
    self.digest = digest
    publicKey = key.publicKey
    self.quorum = quorum
    threshold = key.threshold
    self.agreement = agreement
  }
}
