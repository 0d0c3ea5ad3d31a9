public import Aggregation
public import Curves
public import PublicKeys
public import SecretSharing
public import Signatures

/// What a quorum was asked to sign, and under which key; fixed before the first nonce exists.
///
/// The node makes it from its own pending request. A signer never takes message, key or quorum from a peer.
public struct SigningOrder<S: SchnorrCiphersuite>: Sendable {
  public let message: [UInt8]
  public let publicKey: S.Group.Element
  public let quorum: PartySet

  /// - Throws: ``Aggregation/SigningInputError/wrongQuorumSize`` unless the quorum is exactly `t` parties,
  ///   ``Aggregation/SigningInputError/unknownParty(_:)`` for one the certificate does not name,
  ///   ``Aggregation/SigningInputError/wrongPurpose`` for a key of another scheme.
  public init(
    message: [UInt8], key: DerivedPublicKey<S.Group>, quorum: PartySet
  ) throws(SigningInputError) where S: CertifiedSchnorrSuite {
    guard key.purpose == S.purpose else { throw .wrongPurpose }
    guard quorum.count == key.threshold.t else { throw .wrongQuorumSize }
    if let stranger = quorum.first(where: { Int($0.value) > key.threshold.n }) { throw .unknownParty(stranger) }
    self.message = message
    publicKey = key.publicKey
    self.quorum = quorum
  }
}
