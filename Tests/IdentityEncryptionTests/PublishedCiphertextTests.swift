import Curves
import Foundation
import Identifiers
import ProtocolTestKit
import Secrets
import Testing

@testable import IdentityEncryption

/// What independent implementations of the scheme published, and their shares of the key.
@Suite(.enabled(if: Vectors.arePresent)) struct PublishedCiphertextTests {
  struct File: Decodable {
    let ibe_decrypt_hello_world: Decryption
    let bls_combine_verify: Combination
    let gt_generator: Generator
  }

  struct Decryption: Decodable {
    let ciphertext_base64: String
    let shares: [Share]
    let combined_signature_g2: String
    let intermediates: Intermediates
  }

  struct Intermediates: Decodable {
    let U: String
    let V: String
    let W: String
    let alpha_le: String
    let r_be: String
    let message_hex: String
  }

  struct Combination: Decodable {
    let root_pubkey_g1: String
    let message_hex: String
    let shares: [Share]
    let combined_signature_g2: String
  }

  struct Generator: Decodable { let bytes_576_sha256: String }

  struct Share: Decodable {
    struct Point: Decodable {
      let identifier: String
      let value: String
    }
    let ProofOfPossession: Point
  }

  let file: File

  init() throws { file = try Vectors.json("naga/vectors.json") }

  /// Lagrange at zero over little-endian identifiers.
  func combine(_ shares: [Share]) throws -> BLS12381G2.Element {
    let points = try shares.map(\.ProofOfPossession).map { point in
      (
        x: try BLS12381G1.Scalar(canonicalBytes: Hex.decode(point.identifier).reversed()),
        share: try BLS12381G2.Element(canonicalBytes: Hex.decode(point.value))
      )
    }
    let terms = try points.map { point in
      let others = points.filter { $0.x != point.x }
      let numerator = others.reduce(BLS12381G1.Scalar.one) { $0 * $1.x }
      let denominator = others.reduce(BLS12381G1.Scalar.one) { $0 * ($1.x - point.x) }
      return (numerator * (try denominator.inverted()), point.share)
    }
    return .linearCombination(terms)
  }

  @Test func `published shares combine to the published signature of the published key`() throws {
    let signature = try combine(file.bls_combine_verify.shares)
    #expect(Hex.encode(signature.canonicalBytes) == file.bls_combine_verify.combined_signature_g2)
    let key = try BLS12381G1.Element(canonicalBytes: Hex.decode(file.bls_combine_verify.root_pubkey_g1))
    let point = IdentityEncryption.point(of: try Hex.decode(file.bls_combine_verify.message_hex))
    #expect(BLS12381.pairingsEqual(BLS12381G1.generator, signature, key, point))
  }

  @Test func `a published ciphertext opens with its published shares`() throws {
    let published = file.ibe_decrypt_hello_world
    let bytes = [UInt8](try #require(Data(base64Encoded: published.ciphertext_base64)))
    let ciphertext = try IdentityCiphertext(encoded: bytes)
    #expect(ciphertext.encoded == bytes)
    #expect(Hex.encode(ciphertext.commitment.canonicalBytes) == published.intermediates.U)
    #expect(Hex.encode(ciphertext.maskedSeed) == published.intermediates.V)
    #expect(Hex.encode(ciphertext.maskedMessage) == published.intermediates.W)
    #expect(ciphertext.scheme == .proofOfPossession)

    let key = try combine(published.shares)
    #expect(Hex.encode(key.canonicalBytes) == published.combined_signature_g2)
    let message = try IdentityEncryption.open(ciphertext, with: key)
    #expect(Hex.encode(message.publicBytes()) == published.intermediates.message_hex)
  }

  @Test func `seed and blinding follow the published intermediate values`() throws {
    let published = file.ibe_decrypt_hello_world.intermediates
    let unmasked = SecretBytes(copying: try Hex.decode(published.alpha_le))
    let message = SecretBytes(copying: try Hex.decode(published.message_hex))
    guard let seed = Seed(unmasked: unmasked) else {
      Issue.record("the published seed is canonical")
      return
    }
    #expect(Hex.encode(seed.blinding(of: message).declassified().canonicalBytes) == published.r_be)
  }

  @Test func `the pairing of the generators has the published encoding`() throws {
    let bytes = BLS12381.pairing(BLS12381G1.generator, BLS12381G2.generator).canonicalBytes
    let digest = SecretDigest.sha256(SecretBytes(copying: bytes)).publicBytes()
    #expect(Hex.encode(digest) == file.gt_generator.bytes_576_sha256)
  }
}
