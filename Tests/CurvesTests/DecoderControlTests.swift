import CBlst
import CSodium
import Curves
import Identifiers
import Testing

/// Decoders that leave out one check take what ours refuse.
@Suite struct DecoderControlTests {
  private func accepted(_ encodings: [[UInt8]], _ decode: ([UInt8]) -> Bool) -> Int { encodings.filter(decode).count }

  @Test func `P31 N a decoder that only asks for a point of the curve takes points with torsion`() throws {
    let points = try (DecodingTests.smallOrder.dropFirst() + DecodingTests.mixedOrder).map(Hex.decode)
    #expect(accepted(points) { (try? Edwards25519.Element(canonicalBytes: $0)) != nil } == 0)
    let naive = accepted(points) { encoded in
      var sum = [UInt8](repeating: 0, count: 32)
      return unsafe crypto_core_ed25519_add(&sum, encoded, Edwards25519.Element.identity.canonicalBytes) == 0
    }
    #expect(naive == points.count)
  }

  @Test func `P32 N a decoder without the subgroup check takes points outside the subgroup`() {
    let g1 = [4, 5, 6, 8].map { [0x80] + [UInt8](repeating: 0, count: 46) + [$0] }
    #expect(accepted(g1) { (try? BLS12381G1.Element(canonicalBytes: $0)) != nil } == 0)
    let naiveG1 = accepted(g1) { encoded in
      var point = blst_p1_affine()
      return unsafe blst_p1_uncompress(&point, encoded) == BLST_SUCCESS
    }
    #expect(naiveG1 == g1.count)

    let g2 = [2, 4, 5, 7].map { [0x80] + [UInt8](repeating: 0, count: 94) + [$0] }
    #expect(accepted(g2) { (try? BLS12381G2.Element(canonicalBytes: $0)) != nil } == 0)
    let naiveG2 = accepted(g2) { encoded in
      var point = blst_p2_affine()
      return unsafe blst_p2_uncompress(&point, encoded) == BLST_SUCCESS
    }
    #expect(naiveG2 == g2.count)
  }

  @Test func `P33 N a decoder that only looks at form takes x-coordinates of no point`() throws {
    let encodings = try [
      "020000000000000000000000000000000000000000000000000000000000000005",
      "030000000000000000000000000000000000000000000000000000000000000007",
      "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
    ].map(Hex.decode)
    #expect(accepted(encodings) { (try? Secp256k1.Element(canonicalBytes: $0)) != nil } == 0)
    #expect(accepted(encodings) { $0.count == 33 && (2...3).contains($0[0]) } == encodings.count)
  }
}
