public import Curves
public import Identifiers
public import PublicKeys
public import SecretSharing
public import Signatures

/// What a user does with all signers' contributions: compares their nonce points, divides the sums and gives the
/// signature that the ordinary verifier accepted (ePrint 2023/765, protocol 3.6, last step).
public struct ECDSACombination: Sendable {
  private let digest: Digest32
  private let publicKey: Secp256k1.Element
  private let quorum: PartySet

  /// - Parameters:
  ///   - digest: what the user asked to sign, never what a node says was signed.
  ///   - key: derived from a verified key certificate.
  /// - Throws: ``ECDSAInputError``.
  public init(
    digest: Digest32, key: DerivedPublicKey<Secp256k1>, quorum: PartySet
  ) throws(ECDSAInputError) {
    _ = try key.ecdsaScalar(of: digest, signedBy: quorum)
    self.digest = digest
    publicKey = key.publicKey
    self.quorum = quorum
  }

  /// `s = Σ w_i / Σ u_i`, made low, and verified.
  ///
  /// A contribution cannot be judged alone: if the signature is wrong, somebody in the quorum is at fault and nobody
  /// knows who. The user asks another quorum with another request.
  public func combine(
    _ contributions: [PartyID: ECDSAContribution]
  ) throws(ECDSACombinationFailure) -> ECDSASignature {
    if let stranger = contributions.keys.sorted().first(where: { !quorum.contains($0) }) { throw .unexpected(stranger) }
    let missing = quorum.filter { contributions[$0] == nil }
    guard missing.isEmpty else { throw .missing(missing) }
    let groups = Dictionary(grouping: contributions.keys.sorted()) { contributions[$0]?.noncePoint }
    guard groups.count == 1, let point = contributions.values.first?.noncePoint else {
      throw .differentNoncePoints(groups.values.sorted { ($0.first ?? $1[0]) < ($1.first ?? $0[0]) })
    }
    let numerator = contributions.values.reduce(Secp256k1.Scalar.zero) { $0 + $1.numerator }
    let denominator = contributions.values.reduce(Secp256k1.Scalar.zero) { $0 + $1.denominator }
    guard let inverse = try? denominator.inverted(),
      let signature = try? ECDSASignature(noncePoint: point, s: numerator * inverse),
      ECDSASecp256k1.isValid(signature: signature.compact, digest: digest, publicKey: publicKey)
    else { throw .invalidSignature }
    return signature
  }
}

/// Why contributions did not give a signature.
public enum ECDSACombinationFailure: Error, Sendable, Hashable {
  case unexpected(PartyID)
  case missing([PartyID])
  /// Signers name different nonce points. Those of one list agree; any two lists have a liar between them, because no
  /// honest signer answers before it knows that all hold the same.
  case differentNoncePoints([[PartyID]])
  /// The sums give no signature of the digest under the key; nobody can tell whose part is wrong.
  case invalidSignature
}
