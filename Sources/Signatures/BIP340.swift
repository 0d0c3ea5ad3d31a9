import Curves

/// Schnorr signatures for secp256k1 of BIP-340, as Taproot uses them.
public enum BIP340 {
  /// - Parameters:
  ///   - signature: 64 bytes, `x(R) ‖ s`.
  ///   - publicKey: 32 bytes, the key's x-coordinate.
  public static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == 64,
      let key = try? Secp256k1.Element(xOnly: publicKey),
      let claimed = try? Secp256k1.Element(xOnly: signature.prefix(32)),
      let response = try? Secp256k1.Scalar(canonicalBytes: signature.dropFirst(32))
    else { return false }
    let challenge = FROSTSecp256k1Taproot.challenge(groupCommitment: claimed, publicKey: key, message: message)
    // The lifted point has even y, as the verification equation asks for.
    return .linearCombination([(response, Secp256k1.generator), (-challenge, key)]) == claimed
  }
}
