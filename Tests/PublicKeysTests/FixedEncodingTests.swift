import Curves
import Identifiers
@testable import PublicKeys
import SecretSharing
import Testing

/// Values computed by an independent program from the documented encodings. Changing one orphans every existing key.
@Suite struct FixedEncodingTests {
  private let network = Array(UInt8(0)..<32)
  private let owner = Array(UInt8(0)..<20)

  struct Derivation: Sendable {
    let purpose: KeyPurpose
    let keyID: String
    let tweak: String
  }

  @Test(arguments: [
    Derivation(
      purpose: .ed25519Sign, keyID: "504ef7768542df505f49bd39b4bfe15fe6a6d2e8eb7e20fcf6d8c4b5fc7ac7b9",
      tweak: "41132a81ad9432e2eeafc13f45b6f22e9bd984897fa52686724a182dc6937a06"),
    Derivation(
      purpose: .ristretto255Sign, keyID: "a8ca5cd00ad2e7ab7e030e9447c23832837b13c03afd713ac9fdfd7170013d77",
      tweak: "0c9c5e95ca5f222f2e8b7f3250cfd9f2e96300ac403cdf55e80c46b03d0d870f"),
    Derivation(
      purpose: .secp256k1FROST, keyID: "6488ed572fccfac12c4fd26df53ccb73716e082615c8948602b7f712efa0d2b2",
      tweak: "db6cb292c6cd0777d71fb82db11454e59103ba4b7db0a9c82d509d7efb59993d"),
    Derivation(
      purpose: .secp256k1Taproot, keyID: "16b88a750cde129b2fdc10d1b8de038672a1d53d54da43bf66f92524e1c4d01e",
      tweak: "10ef540b7942cfb7c99960d5be9f28e53ed973e8274b48d05ebdb52a683ca84e"),
    Derivation(
      purpose: .secp256k1ECDSA, keyID: "270203dfe912ee5802b1d66c11cd833944be6aa89c41633701561e5ad30f9856",
      tweak: "6ac1a2c0d9d578697f0e62c33356d4029334c3580e4ca84503f442fc6a11c61d"),
  ])
  func `key ids and tweaks are what they always were`(_ fixed: Derivation) throws {
    let keyID = try KeyID.derive(
      network: NetworkID(bytes: network), purpose: fixed.purpose, owner: WalletAddress(bytes: owner),
      salt: Array("salt".utf8))
    #expect(keyID.text == fixed.keyID)
    func check<G: PrimeOrderGroup>(_ group: G.Type) throws {
      let weights = try KeyDerivation.weights(keyID, fixed.purpose, in: G.self)
      #expect(weights.first == .one)
      #expect(weights.dropFirst().map { Hex.encode($0.canonicalBytes) } == [fixed.tweak])
    }
    try check(fixed.purpose.group)
  }

  @Test func `a certificate's encoding, digest and signed message are what they always were`() throws {
    let members = try CertifiedMember.numbered(
      [1, 2].map { number in
        (
          node: try NodeID(bytes: [UInt8](repeating: number, count: 20)),
          identityKey: [UInt8](repeating: 0x10 + number, count: 32)
        )
      })
    var filler: UInt8 = 0
    var roots: [KeyPurpose: [[[UInt8]]]] = [:]
    for purpose in KeyPurpose.allCases {
      roots[purpose] = (0..<purpose.rootCount).map { _ in
        (0..<2).map { _ in
          filler += 1
          return [UInt8](repeating: filler, count: purpose.elementByteCount)
        }
      }
    }
    let body = try KeyCertificateBody(
      network: NetworkID(bytes: network), epoch: 5, threshold: Threshold(t: 2, n: 2), members: members, roots: roots)
    #expect(body.encoded.count == 1010)
    #expect(body.digest.text == "f2795b0226ce14606511bdf1b5f2d4295ea9518414a6f4cf5a1212b4ecf81aad")
    #expect(
      body.messageToSign == Array("quorate/key-certificate-signature/v1".utf8) + [0, 0, 0, 32] + body.digest.bytes)
  }

  @Test func `every purpose and only these purposes have their names, roots and sizes`() {
    let facts = KeyPurpose.allCases.map { "\($0.rawValue) \($0.rootCount) \($0.elementByteCount) \($0.isSigning)" }
    #expect(
      facts == [
        "ed25519-sign 2 32 true", "ristretto255-sign 2 32 true", "secp256k1-frost 2 33 true",
        "secp256k1-taproot 2 33 true", "secp256k1-ecdsa 2 33 true", "bls12381-ibe 1 48 false",
      ])
    for purpose in KeyPurpose.allCases {
      #expect(purpose.group.elementByteCount == purpose.elementByteCount)
      let isSchnorr = purpose.isSigning && purpose != .secp256k1ECDSA
      #expect(purpose.schnorrSuite?.purpose == (isSchnorr ? purpose : nil))
    }
  }
}
