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
  private let bindingFactors: BindingFactors<S>

  public var quorum: PartySet { commitments.quorum }

  /// - Throws: ``SigningInputError``; nothing here is secret.
  public init(
    publicKey: S.Group.Element, message: [UInt8], commitments: CommitmentList<S>
  ) throws(SigningInputError) {
    try self.init(BindingFactors(publicKey: publicKey, message: message, commitments: commitments), known: [:])
  }

  /// For a signer, who knows what its own commitments are multiples of: `Dᵢ + ρᵢ·Eᵢ = (dᵢ + ρᵢ·eᵢ)·B` is one
  /// multiplication of the generator.
  ///
  /// - Parameter own: `(dᵢ + ρᵢ·eᵢ)·B` of the signer, whose commitments stand in the list.
  package init(
    _ factors: BindingFactors<S>, signer: PartyID, own: S.Group.Element
  ) throws(SigningInputError) {
    try self.init(factors, known: [signer: own])
  }

  private init(_ factors: BindingFactors<S>, known: [PartyID: S.Group.Element]) throws(SigningInputError) {
    negatesShares = S.usesNegative(of: factors.publicKey)
    let verifierKey = negatesShares ? -factors.publicKey : factors.publicKey
    let sum = factors.groupCommitment(known)
    guard !sum.isIdentity else { throw .identityGroupCommitment }
    negatesNonces = S.usesNegative(of: sum)
    groupCommitment = negatesNonces ? -sum : sum
    challenge = S.challenge(
      groupCommitment: groupCommitment, publicKey: verifierKey, message: factors.message)

    message = factors.message
    commitments = factors.commitments
    publicKey = factors.publicKey
    bindingFactors = factors
  }

  /// `ρ` of one signer (section 4.4).
  ///
  /// - Throws: ``SigningInputError/unknownParty(_:)`` for a party outside the quorum.
  public func bindingFactor(of party: PartyID) throws(SigningInputError) -> S.Group.Scalar {
    try bindingFactors[party]
  }

  /// `λ·c`, what a signer's share of the key is multiplied with.
  public func weight(of party: PartyID) throws(SigningInputError) -> S.Group.Scalar {
    guard let coefficient = try? Lagrange.coefficient(party, in: quorum, group: S.Group.self) else {
      throw .unknownParty(party)
    }
    return coefficient * challenge
  }
}
