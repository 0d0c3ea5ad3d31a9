import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import Testing

/// A key that another network derived with the same construction under its own domain separation tag.
@Suite(.enabled(if: Vectors.arePresent)) struct PublishedDerivationTests {
  private struct VectorFile: Decodable {
    let derivation: Derivation

    enum CodingKeys: String, CodingKey {
      case derivation = "hd_k256"
    }
  }

  private struct Derivation: Decodable {
    let identifier: String
    let domain: String
    let tweak: String
    let roots: [String]
    let derived: String

    enum CodingKeys: String, CodingKey {
      case identifier = "id_ascii"
      case domain = "dst"
      case tweak = "tweak_be"
      case roots = "root_pubkeys_compressed"
      case derived = "derived_uncompressed"
    }
  }

  @Test func `the published key follows from the published roots`() throws {
    let vector = try Vectors.json("naga/vectors.json", as: VectorFile.self).derivation
    let tweak = KeyDerivation.tweak(
      Array(vector.identifier.utf8), domain: Array(vector.domain.utf8), in: Secp256k1.self)
    #expect(Hex.encode(tweak.canonicalBytes) == vector.tweak)
    let roots = try vector.roots.map { try Secp256k1.Element(canonicalBytes: Hex.decode($0.lowercased())) }
    let derived = KeyDerivation.combine(roots, weights: KeyDerivation.powers(of: tweak, count: roots.count))
    #expect(Hex.encode(derived.uncompressedBytes) == vector.derived)
    #expect(roots.count == 2)
  }
}
