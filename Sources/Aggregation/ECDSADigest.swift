package import Curves
package import Identifiers
package import PublicKeys
package import SecretSharing

extension DerivedPublicKey<Secp256k1> {
  /// `h`, the digest modulo the order, where this is an ECDSA key and `quorum` may sign under it. Signers and user ask
  /// the same before anything else.
  ///
  /// - Throws: ``ECDSAInputError`` for a key of another purpose, a quorum that is not exactly `t` certified parties, and a
  ///   digest of zero modulo the order.
  package func ecdsaScalar(
    of digest: Digest32, signedBy quorum: PartySet
  ) throws(ECDSAInputError) -> Secp256k1.Scalar {
    guard purpose == .secp256k1ECDSA else { throw .wrongPurpose }
    guard quorum.count == threshold.t else { throw .wrongQuorumSize }
    if let stranger = quorum.first(where: { Int($0.value) > threshold.n }) { throw .unknownParty(stranger) }
    guard let scalar = try? Secp256k1.Scalar(reducing: digest.bytes), !scalar.isZero else { throw .zeroDigest }
    return scalar
  }
}
