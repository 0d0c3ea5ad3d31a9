public import Curves
public import SecretSharing
public import Signatures

/// One signer's part `zᵢ` of a signature (RFC 9591 section 5.2).
public struct SignatureShare<S: SchnorrCiphersuite>: Sendable, Hashable {
  public let party: PartyID
  public let response: S.Group.Scalar

  public init(party: PartyID, response: S.Group.Scalar) {
    self.party = party
    self.response = response
  }

  /// The response in the group's canonical scalar encoding.
  public var encoded: [UInt8] { response.canonicalBytes }

  /// - Throws: ``SigningInputError/malformedShare(_:)``.
  public init(party: PartyID, encoded: [UInt8]) throws(SigningInputError) {
    guard let response = try? S.Group.Scalar(canonicalBytes: encoded) else { throw .malformedShare(party) }
    self.init(party: party, response: response)
  }

  /// `zᵢ·B = ±(Dᵢ + ρᵢ·Eᵢ) ± λᵢ·c·PKᵢ` with the signs the verifier's points ask for (section 5.4).
  public func isValid(
    in transcript: SigningTranscript<S>, verifyingShare: S.Group.Element
  ) throws(SigningInputError) -> Bool {
    guard let commitments = transcript.commitments[party] else { throw .unknownParty(party) }
    let nonces = commitments.hiding + commitments.binding.multiplied(by: try transcript.bindingFactor(of: party))
    let weight = try transcript.weight(of: party)
    let keyPart: [(S.Group.Scalar, S.Group.Element)] = [
      (response, S.Group.generator),
      (transcript.negatesShares ? weight : -weight, verifyingShare),
    ]
    return .linearCombination(keyPart) == (transcript.negatesNonces ? -nonces : nonces)
  }
}
