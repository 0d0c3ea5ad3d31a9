import Curves
import Signatures
import Testing

/// Suites whose verifier is the generic one; Ed25519 and BIP-340 verifiers have tests of their own.
@Suite struct SchnorrSuiteTests {
  private let message = Array("signed".utf8)

  @Test func `a signature verifies under its key and message and nothing else`() throws {
    func check<S: SchnorrCiphersuite>(_ suite: S.Type) throws {
      let (key, signature) = sign(7, 11, suite)
      let verifies = S.isValid(signature: signature, message: message, publicKey: key)
      #expect(verifies)
      #expect(!S.isValid(signature: signature, message: message + [0], publicKey: key))
      #expect(!S.isValid(signature: signature, message: message, publicKey: key + S.Group.generator))
      // Only a verifier that knows keys by their x-coordinate takes a key's negative for the key.
      let isSameKey = S.verificationKeyBytes(-key) == S.verificationKeyBytes(key)
      #expect(S.isValid(signature: signature, message: message, publicKey: -key) == isSameKey)
      #expect(isSameKey == (S.self == FROSTSecp256k1Taproot.self))
      for place in signature.indices {
        var changed = signature
        changed[place] ^= 1
        #expect(!S.isValid(signature: changed, message: message, publicKey: key))
      }
      for other in [[], Array(signature.dropLast()), signature + [0]] {
        #expect(!S.isValid(signature: other, message: message, publicKey: key))
      }
    }
    try check(FROSTEd25519.self)
    try check(FROSTRistretto255.self)
    try check(FROSTSecp256k1.self)
    try check(FROSTSecp256k1Taproot.self)
  }

  @Test func `P25 P34 neither identities nor unreduced responses verify`() throws {
    func check<S: SchnorrCiphersuite>(_ suite: S.Type, unreducing: ([UInt8]) -> [UInt8]?) {
      let identity = S.Group.Element.identity
      // z = 0 and R = identity satisfy the equation for the key that is the identity.
      let zero = S.signatureBytes(groupCommitment: identity, response: .zero)
      #expect(!S.isValid(signature: zero, message: message, publicKey: identity))
      // z = 1 with R = G does as well.
      let one = S.signatureBytes(groupCommitment: S.Group.generator, response: .one)
      #expect(!S.isValid(signature: one, message: message, publicKey: identity))

      // The same z once more, written as z + order.
      let (key, signature) = sign(7, 11, suite)
      let size = S.Group.elementByteCount
      if let response = unreducing(Array(signature.dropFirst(size))) {
        #expect(!S.isValid(signature: signature.prefix(size) + response, message: message, publicKey: key))
      }
    }
    let order25519: [UInt8] = [
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
    check(FROSTRistretto255.self) { adding($0, order25519) }
    // Only responses below 2¹²⁹ have a second form in 32 bytes here.
    check(FROSTSecp256k1.self) { _ in nil }
  }

  @Test func `the suites' contexts are those of their specifications`() {
    #expect(FROSTEd25519.contextString == "FROST-ED25519-SHA512-v1")
    #expect(FROSTRistretto255.contextString == "FROST-RISTRETTO255-SHA512-v1")
    #expect(FROSTSecp256k1.contextString == "FROST-secp256k1-SHA256-v1")
    #expect(FROSTSecp256k1Taproot.contextString == "FROST-secp256k1-SHA256-TR-v1")
  }

  /// An ordinary signature by one signer who holds the whole secret.
  private func sign<S: SchnorrCiphersuite>(
    _ secret: UInt64, _ nonce: UInt64, _ suite: S.Type
  ) -> (key: S.Group.Element, signature: [UInt8]) {
    let key = S.Group.generator.multiplied(by: S.Group.Scalar(secret))
    let commitment = S.Group.generator.multiplied(by: S.Group.Scalar(nonce))
    let signedSecret = S.usesNegative(of: key) ? -S.Group.Scalar(secret) : S.Group.Scalar(secret)
    let signedNonce = S.usesNegative(of: commitment) ? -S.Group.Scalar(nonce) : S.Group.Scalar(nonce)
    let challenge = S.challenge(groupCommitment: commitment, publicKey: key, message: message)
    return (
      key, S.signatureBytes(groupCommitment: commitment, response: signedNonce + challenge * signedSecret)
    )
  }

  /// Adds little-endian integers of one length.
  private func adding(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var carry = 0
    return zip(left, right).map { left, right in
      let sum = Int(left) + Int(right) + carry
      carry = sum >> 8
      return UInt8(sum & 0xff)
    }
  }
}
