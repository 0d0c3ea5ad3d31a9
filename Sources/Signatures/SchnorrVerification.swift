import Curves

/// The prime-order Schnorr verifier of RFC 9591 appendix B, for suites that have no verifier of their own.
enum SchnorrVerification {
  /// `z·B = R + c·PK`, with `R` and `z` decoded canonically and `R` not the identity.
  static func isValid<S: SchnorrCiphersuite>(
    _ signature: [UInt8], message: [UInt8], publicKey: S.Group.Element, suite: S.Type
  ) -> Bool {
    guard !publicKey.isIdentity else { return false }
    let size = S.Group.elementByteCount
    guard signature.count == size + S.Group.scalarByteCount,
      let groupCommitment = try? S.Group.Element(canonicalBytes: signature.prefix(size)),
      let response = try? S.Group.Scalar(canonicalBytes: signature.dropFirst(size))
    else { return false }
    let challenge = S.challenge(groupCommitment: groupCommitment, publicKey: publicKey, message: message)
    return .linearCombination([(response, S.Group.generator), (-challenge, publicKey)]) == groupCommitment
  }
}
