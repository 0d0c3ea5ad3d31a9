public import Curves
public import Secrets

/// Identity-based encryption on BLS12-381: the network's public key in G1, identities hashed to G2, and the key of an
/// identity is the network's BLS signature of it.
///
/// The time-lock scheme of Boneh–Franklin with the Fujisaki–Okamoto transform; whoever opens a ciphertext makes its
/// commitment again, so nothing of it can be changed.
public enum IdentityEncryption {
  /// The hash-to-curve domain separation tag of identities.
  public static let identityDomain = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".utf8)

  /// H(identity), the point of G2 the network multiplies by its key.
  public static func point(of identity: [UInt8]) -> BLS12381G2.Element {
    BLS12381.hashToG2(identity, domain: identityDomain)
  }

  /// - Parameter message: at most a million bytes; here it is always a data key.
  public static func encrypt(
    _ message: borrowing SecretBytes, to identity: [UInt8], under publicKey: BLS12381G1.Element,
    from random: inout some RandomSource
  ) throws(IdentityEncryptionError) -> IdentityCiphertext {
    guard !publicKey.isIdentity else { throw .noPublicKey }
    var masked = PaddedMessage.pad(message)
    guard IdentityCiphertext.paddedLengths.contains(masked.count) else { throw .messageTooLong }

    let seed = Seed(from: &random)
    let blinding = seed.blinding(of: message)
    var maskedSeed = seed.bytes.clone()
    maskedSeed.mask(with: pairingMask(blinding.times(publicKey), point(of: identity)))
    masked.mask(with: seed.messageMask(masked.count))
    return IdentityCiphertext(
      commitment: blinding.timesGenerator(), maskedSeed: maskedSeed.publicBytes(), maskedMessage: masked.publicBytes())
  }

  /// - Parameter key: the network's signature of the identity. It need not have been verified: a wrong one throws
  ///   `.doesNotOpen`, as does a changed ciphertext.
  public static func open(
    _ ciphertext: IdentityCiphertext, with key: BLS12381G2.Element
  ) throws(IdentityEncryptionError) -> SecretBytes {
    var unmasked = SecretBytes(copying: ciphertext.maskedSeed)
    unmasked.mask(with: pairingMask(ciphertext.commitment, key))
    guard let seed = Seed(unmasked: unmasked) else { throw .doesNotOpen }

    var padded = SecretBytes(copying: ciphertext.maskedMessage)
    padded.mask(with: seed.messageMask(padded.count))
    guard let message = PaddedMessage.unpad(padded),
      seed.blinding(of: message).timesGenerator() == ciphertext.commitment
    else { throw .doesNotOpen }
    return message
  }

  /// SHA-256 of the pairing value.
  private static func pairingMask(_ left: BLS12381G1.Element, _ right: BLS12381G2.Element) -> SecretBytes {
    var value = BLS12381.pairing(left, right).canonicalBytes
    let secret = SecretBytes(copying: value)
    wipe(&value)
    return SecretDigest.sha256(secret)
  }
}
