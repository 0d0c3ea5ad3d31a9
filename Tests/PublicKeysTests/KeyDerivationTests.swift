import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Testing

@Suite struct KeyDerivationTests {
  private let network: CertifiedNetwork
  private let certificate: KeyCertificate

  init() throws {
    network = try CertifiedNetwork(t: 3, n: 4, seed: 1)
    certificate = try network.certificate()
  }

  private func keyID(_ salt: UInt8) throws -> KeyID {
    try KeyID(bytes: [UInt8](repeating: salt, count: 32))
  }

  @Test(arguments: KeyPurpose.allCases.filter(\.isSigning))
  func `a derived key is what all members' derived shares share`(_ purpose: KeyPurpose) throws {
    func checkSuite<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let id = try keyID(1)
      let key = try certificate.derivedKey(for: S.self, keyID: id)
      #expect(try certificate.derivedKey(purpose, keyID: id, in: S.Group.self).publicKey == key.publicKey)
    }
    func check<G: PrimeOrderGroup>(_ group: G.Type) throws {
      let id = try keyID(1)
      let key = try certificate.derivedKey(purpose, keyID: id, in: G.self)
      let h = KeyDerivation.tweak(id.bytes, domain: KeyDerivation.domain(of: purpose), in: G.self)
      for x in 0...UInt16(4) {
        let secret =
          try network.secret(purpose, 0, at: x, in: G.self)
          + h * network.secret(purpose, 1, at: x, in: G.self)
        let expected = G.generator.multiplied(by: secret)
        #expect(x == 0 ? key.publicKey == expected : try key.verifyingShare(of: PartyID(x)) == expected)
      }
      for stranger: UInt16 in [5, 65535] {
        #expect(throws: KeyDerivationError.unknownParty) { try key.verifyingShare(of: PartyID(stranger)) }
      }
    }
    try check(purpose.group)
    if let suite = purpose.schnorrSuite { try checkSuite(suite) }
  }

  @Test func `the encryption key is the one root and is not derived`() throws {
    let key = try certificate.encryptionKey()
    for x in 0...UInt16(4) {
      let secret = try network.secret(.bls12381IBE, 0, at: x, in: BLS12381G1.self)
      let expected = BLS12381G1.generator.multiplied(by: secret)
      #expect(x == 0 ? key.publicKey == expected : try key.verifyingShare(of: PartyID(x)) == expected)
    }
    #expect(throws: KeyDerivationError.notASigningPurpose) {
      try certificate.derivedKey(.bls12381IBE, keyID: keyID(1), in: BLS12381G1.self)
    }
  }

  @Test func `P37 keys of different purposes, owners, salts and networks have nothing in common`() throws {
    let owners = [UInt8(1), 2].map { [UInt8](repeating: $0, count: 20) }
    var ids: Set<KeyID> = []
    for purpose in KeyPurpose.allCases {
      for owner in owners {
        for salt: [UInt8] in [[], [0], [0, 0], owner] {
          for network in [network.network, try NetworkID(bytes: [UInt8](repeating: 9, count: 32))] {
            ids.insert(
              KeyID.derive(network: network, purpose: purpose, owner: try WalletAddress(bytes: owner), salt: salt))
          }
        }
      }
    }
    #expect(ids.count == KeyPurpose.allCases.count * 16)
    // Purposes of one curve, under one and the same key id.
    let id = try keyID(2)
    let (frost, taproot) = (
      try KeyDerivation.weights(id, .secp256k1FROST, in: Secp256k1.self),
      try KeyDerivation.weights(id, .secp256k1Taproot, in: Secp256k1.self)
    )
    #expect(frost != taproot)
    let ecdsa = try KeyDerivation.weights(id, .secp256k1ECDSA, in: Secp256k1.self)
    #expect(ecdsa != frost && ecdsa != taproot)
  }

  @Test func `P37 a key of a purpose is only asked for in the purpose's group`() throws {
    #expect(throws: KeyDerivationError.wrongGroup) {
      try certificate.derivedKey(.ed25519Sign, keyID: keyID(1), in: Ristretto255.self)
    }
    #expect(throws: KeyDerivationError.wrongGroup) {
      try KeyDerivation.weights(keyID(1), .secp256k1FROST, in: BLS12381G1.self)
    }
  }

  @Test func `P32 a key that comes out as the identity is refused`() throws {
    let threshold = try Threshold(t: 2, n: 2)
    let weights = try KeyDerivation.weights(keyID(3), .ristretto255Sign, in: Ristretto255.self)
    let (c, d) = (Ristretto255.generator, Ristretto255.generator.multiplied(by: Ristretto255.Scalar(5)))
    // X₀ = −h·X₁ cancels for exactly this key id.
    let roots = [
      try FeldmanCommitment<Ristretto255>(elements: [-(c.multiplied(by: weights[1])), d], threshold),
      try FeldmanCommitment<Ristretto255>(elements: [c, d], threshold),
    ]
    #expect(throws: KeyDerivationError.identityKey) {
      try DerivedPublicKey(.ristretto255Sign, roots: roots, weights: weights, threshold: threshold)
    }
    let other = try KeyDerivation.weights(keyID(4), .ristretto255Sign, in: Ristretto255.self)
    #expect(throws: Never.self) {
      try DerivedPublicKey(.ristretto255Sign, roots: roots, weights: other, threshold: threshold)
    }
  }
}
