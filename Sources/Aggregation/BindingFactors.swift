package import Curves
package import SecretSharing
package import Signatures

/// What ties every signer's nonces to one key, message and commitment list (RFC 9591 section 4.4).
package struct BindingFactors<S: SchnorrCiphersuite>: Sendable {
  package let message: [UInt8]
  package let commitments: CommitmentList<S>
  /// The group's public key as certified.
  package let publicKey: S.Group.Element
  let factors: [PartyID: S.Group.Scalar]

  /// `ρᵢ = H1(PK ‖ H4(message) ‖ H5(commitment list) ‖ i)`, with the key as the verifier takes it.
  ///
  /// - Throws: ``SigningInputError/identityKey``.
  package init(
    publicKey: S.Group.Element, message: [UInt8], commitments: CommitmentList<S>
  ) throws(SigningInputError) {
    guard !publicKey.isIdentity else { throw .identityKey }
    self.message = message
    self.commitments = commitments
    self.publicKey = publicKey
    let verifierKey = S.usesNegative(of: publicKey) ? -publicKey : publicKey
    let prefix =
      verifierKey.canonicalBytes + S.messageDigest(message) + S.commitmentListDigest(commitments.encoded)
    var factors: [PartyID: S.Group.Scalar] = [:]
    for party in commitments.quorum {
      factors[party] = S.bindingFactor(prefix + party.coordinate(in: S.Group.self).canonicalBytes)
    }
    self.factors = factors
  }

  /// - Throws: ``SigningInputError/unknownParty(_:)`` for a party outside the quorum.
  package subscript(party: PartyID) -> S.Group.Scalar {
    get throws(SigningInputError) {
      guard let factor = factors[party] else { throw .unknownParty(party) }
      return factor
    }
  }

  /// Section 4.5: `Σ Dᵢ + ρᵢ·Eᵢ`.
  ///
  /// - Parameter known: summands somebody has already; the others are computed from the list.
  func groupCommitment(_ known: [PartyID: S.Group.Element]) -> S.Group.Element {
    let unknown = commitments.commitments.filter { known[$0.party] == nil }
    let bindings = S.Group.Element.linearCombination(unknown.map { (factors[$0.party] ?? .zero, $0.binding) })
    return (unknown.map(\.hiding) + known.values).reduce(bindings) { $0 + $1 }
  }
}
