import Curves
import Identifiers
import PublicKeys
import Testing

@Suite struct AnyPublicKeyTests {
  @Test func `every public key reads back from its text`() throws {
    let certificate = try CertifiedNetwork(t: 2, n: 2, seed: 1).certificate()
    let id = try KeyID(bytes: [UInt8](repeating: 1, count: 32))
    var sizes: [KeyPurpose: Int] = [:]
    func check<S: CertifiedSchnorrSuite>(_ suite: S.Type) throws {
      let key = AnyPublicKey(try certificate.derivedKey(for: S.self, keyID: id), of: S.self)
      #expect(try AnyPublicKey(text: key.text) == key)
      #expect(key.text == S.purpose.rawValue + ":" + Hex.encode(key.bytes))
      sizes[S.purpose] = key.bytes.count
    }
    for purpose in KeyPurpose.allCases {
      if let suite = purpose.schnorrSuite { try check(suite) }
    }
    let encryption = AnyPublicKey(encryption: try certificate.encryptionKey())
    #expect(try AnyPublicKey(text: encryption.text) == encryption)
    sizes[.bls12381IBE] = encryption.bytes.count
    let ecdsa = AnyPublicKey(
      ecdsa: try certificate.derivedKey(.secp256k1ECDSA, keyID: id, in: Secp256k1.self))
    #expect(try AnyPublicKey(text: ecdsa.text) == ecdsa)
    sizes[.secp256k1ECDSA] = ecdsa.bytes.count
    #expect(
      sizes == [
        .ed25519Sign: 32, .ristretto255Sign: 32, .secp256k1FROST: 33, .secp256k1Taproot: 32, .secp256k1ECDSA: 33,
        .bls12381IBE: 48,
      ])
  }

  @Test func `P33 texts of no key of their purpose are refused`() throws {
    let generator = Hex.encode(Ristretto255.generator.canonicalBytes)
    let compressed = Hex.encode(Secp256k1.generator.canonicalBytes)
    #expect(throws: Never.self) { try AnyPublicKey(text: "ristretto255-sign:" + generator) }
    #expect(throws: Never.self) { try AnyPublicKey(text: "secp256k1-taproot:" + compressed.dropFirst(2)) }
    for text in ["", ":", generator, "unknown:" + generator, "RISTRETTO255-sign:" + generator] {
      #expect(throws: AnyPublicKeyError.unknownPurpose) { try AnyPublicKey(text: text) }
    }
    let zeros = String(repeating: "00", count: 32)
    for text in [
      "ristretto255-sign:", "ristretto255-sign:" + generator.uppercased(), "ristretto255-sign:" + generator + "00",
      "ristretto255-sign: " + generator, "ristretto255-sign:" + zeros, "ed25519-sign:" + zeros,
      "secp256k1-taproot:" + compressed, "secp256k1-taproot:" + zeros, "secp256k1-frost:" + compressed.dropFirst(2),
      "bls12381-ibe:" + compressed, "bls12381-ibe:c0" + String(repeating: "00", count: 47),
    ] {
      #expect(throws: AnyPublicKeyError.notAPublicKey, "\(text)") { try AnyPublicKey(text: text) }
    }
  }
}
