import Aggregation
import Curves
import Foundation
import Identifiers
import IdentityEncryption
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Testing

/// Shares that an independent network made, at x-coordinates all over the field.
@Suite(.enabled(if: Vectors.arePresent)) struct PublishedSharesTests {
  private func vectors() throws -> VectorFile { try Vectors.json("naga/vectors.json") }

  @Test func `published shares combine to the published signature of the published key`() throws {
    let vector = try vectors().combination
    let points = try vector.shares.map { try $0.point() }
    let publicKey = try BLS12381G1.Element(canonicalBytes: Hex.decode(vector.publicKey))
    let key = try combine(points, identity: Hex.decode(vector.message), publicKey: publicKey)
    #expect(Hex.encode(key.value.canonicalBytes) == vector.signature)
    #expect(key.culprits.isEmpty)
    #expect(points.count == 3)
  }

  @Test func `published shares open the published ciphertext`() throws {
    let vector = try vectors().decryption
    let signature = interpolate(try vector.shares.map { try $0.point() }, at: .zero)
    #expect(Hex.encode(signature.canonicalBytes) == vector.signature)
    let encoded = try #require(Data(base64Encoded: vector.ciphertext))
    let message = try IdentityEncryption.open(IdentityCiphertext(encoded: [UInt8](encoded)), with: signature)
    let expected = SecretBytes(copying: try Hex.decode(vector.intermediates.message))
    let isTheMessage = message.isEqual(to: expected)
    #expect(isTheMessage)
  }

  /// Moves the shares to the parties 1, 2 and 3 of the same polynomial, whose value at 0 is what counts.
  private func combine(
    _ points: [Point], identity: [UInt8], publicKey: BLS12381G1.Element
  ) throws -> DecryptionKey {
    let threshold = try Threshold(t: points.count, n: points.count)
    let moved = PartySet(allOf: threshold).map { party in
      DecryptionShare(party: party, value: interpolate(points, at: party.coordinate(in: BLS12381G2.self)))
    }
    // Only the constant term is published; it is all that good shares need.
    let root = try FeldmanCommitment<BLS12381G1>(
      elements: [publicKey] + points.dropFirst().map { _ in BLS12381G1.generator }, threshold)
    let key = try DerivedPublicKey(.bls12381IBE, roots: [root], weights: [.one], threshold: threshold)
    return try DecryptionKey(combining: moved, identity: identity, key: key)
  }

  private func interpolate(_ points: [Point], at x: BLSScalar) -> BLS12381G2.Element {
    .linearCombination(
      points.map { point in
        let coefficient = points.filter { $0.x != point.x }.reduce(BLSScalar.one) { product, other in
          guard let inverse = try? (point.x - other.x).inverted() else { return .zero }
          return product * (x - other.x) * inverse
        }
        return (coefficient, point.value)
      })
  }
}

private struct Point {
  let x: BLSScalar
  let value: BLS12381G2.Element
}

private struct VectorFile: Decodable {
  let combination: Combination
  let decryption: Decryption

  enum CodingKeys: String, CodingKey {
    case combination = "bls_combine_verify"
    case decryption = "ibe_decrypt_hello_world"
  }
}

private struct Combination: Decodable {
  let publicKey: String
  let message: String
  let shares: [PublishedShare]
  let signature: String

  enum CodingKeys: String, CodingKey {
    case publicKey = "root_pubkey_g1"
    case message = "message_hex"
    case shares
    case signature = "combined_signature_g2"
  }
}

private struct Decryption: Decodable {
  let ciphertext: String
  let shares: [PublishedShare]
  let signature: String
  let intermediates: Intermediates

  enum CodingKeys: String, CodingKey {
    case ciphertext = "ciphertext_base64"
    case shares
    case signature = "combined_signature_g2"
    case intermediates
  }

  struct Intermediates: Decodable {
    let message: String

    enum CodingKeys: String, CodingKey {
      case message = "message_hex"
    }
  }
}

private struct PublishedShare: Decodable {
  let fields: Fields

  enum CodingKeys: String, CodingKey {
    case fields = "ProofOfPossession"
  }

  struct Fields: Decodable {
    let identifier: String
    let value: String
  }

  /// Identifiers are written little-endian; scalars of this curve are read big-endian.
  func point() throws -> Point {
    Point(
      x: try BLSScalar(canonicalBytes: Hex.decode(fields.identifier).reversed()),
      value: try BLS12381G2.Element(canonicalBytes: Hex.decode(fields.value)))
  }
}
