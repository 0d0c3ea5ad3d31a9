public import Curves
public import SecretSharing
public import Signatures

/// Everything about one signing that is public and follows from key, message and commitments; signers and whoever
/// combines their shares compute it alike.
public struct SigningTranscript<S: SchnorrCiphersuite>: Sendable {
  public let message: [UInt8]
  public let commitments: CommitmentList<S>
  /// The group's public key as certified.
  public let publicKey: S.Group.Element
  /// `R` as it stands in the signature.
  public let groupCommitment: S.Group.Element
  public let challenge: S.Group.Scalar
  /// The signers use the negatives of their shares, because the verifier takes the key's negative.
  public let negatesShares: Bool
  /// The signers use the negatives of their nonces, because the verifier takes the sum's negative.
  public let negatesNonces: Bool
  private let bindingFactors: [PartyID: S.Group.Scalar]

  public var quorum: PartySet { commitments.quorum }

  /// - Throws: ``SigningInputError``; nothing here is secret.
  public init(
    publicKey: S.Group.Element, message: [UInt8], commitments: CommitmentList<S>
  ) throws(SigningInputError) {
    guard !publicKey.isIdentity else { throw .identityKey }
    negatesShares = S.usesNegative(of: publicKey)
    let verifierKey = negatesShares ? -publicKey : publicKey

    let factors = Self.bindingFactors(publicKey: verifierKey, message: message, commitments: commitments)
    let sum = Self.groupCommitment(commitments, factors)
    guard !sum.isIdentity else { throw .identityGroupCommitment }
    negatesNonces = S.usesNegative(of: sum)
    groupCommitment = negatesNonces ? -sum : sum
    challenge = S.challenge(groupCommitment: groupCommitment, publicKey: verifierKey, message: message)

    self.message = message
    self.commitments = commitments
    self.publicKey = publicKey
    bindingFactors = factors
  }

  /// `ρ` of one signer (section 4.4).
  ///
  /// - Throws: ``SigningInputError/unknownParty(_:)`` for a party outside the quorum.
  public func bindingFactor(of party: PartyID) throws(SigningInputError) -> S.Group.Scalar {
    guard let factor = bindingFactors[party] else { throw .unknownParty(party) }
    return factor
  }

  /// `λ·c`, what a signer's share of the key is multiplied with.
  public func weight(of party: PartyID) throws(SigningInputError) -> S.Group.Scalar {
    guard let coefficient = try? Lagrange.coefficient(party, in: quorum, group: S.Group.self) else {
      throw .unknownParty(party)
    }
    return coefficient * challenge
  }

  /// Section 4.4: `ρᵢ = H1(PK ‖ H4(message) ‖ H5(commitment list) ‖ i)`.
  private static func bindingFactors(
    publicKey: S.Group.Element, message: [UInt8], commitments: CommitmentList<S>
  ) -> [PartyID: S.Group.Scalar] {
    let prefix =
      publicKey.canonicalBytes + S.messageDigest(message) + S.commitmentListDigest(commitments.encoded)
    var factors: [PartyID: S.Group.Scalar] = [:]
    for party in commitments.quorum {
      factors[party] = S.bindingFactor(prefix + party.coordinate(in: S.Group.self).canonicalBytes)
    }
    return factors
  }

  /// Section 4.5: `Σ Dᵢ + ρᵢ·Eᵢ`.
  private static func groupCommitment(
    _ commitments: CommitmentList<S>, _ factors: [PartyID: S.Group.Scalar]
  ) -> S.Group.Element {
    let bindings = S.Group.Element.linearCombination(
      commitments.commitments.map { (factors[$0.party] ?? .zero, $0.binding) })
    return commitments.commitments.reduce(bindings) { $0 + $1.hiding }
  }
}
