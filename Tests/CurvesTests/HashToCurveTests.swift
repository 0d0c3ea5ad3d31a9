import Curves
import Identifiers
import ProtocolTestKit
import Testing

/// RFC 9380 appendix J.9 and J.10; the files give affine coordinates.
@Suite(.enabled(if: Vectors.arePresent)) struct HashToCurveTests {
  struct File: Decodable {
    struct Vector: Decodable {
      struct Point: Decodable {
        let x: String
        let y: String
      }
      let P: Point
      let msg: String
    }
    let dst: String
    let vectors: [Vector]
  }

  /// `0x…` or, in the quadratic extension, `0x…,0x…` with the real part first; most significant part first here.
  func coordinates(_ text: String) throws -> [UInt8] {
    try text.split(separator: ",").reversed().flatMap { try Hex.decode(String($0.dropFirst(2))) }
  }

  /// The compressed form: x, with the sign flag set if y is the larger of y and −y.
  func compressed(_ point: File.Vector.Point) throws -> (x: [UInt8], isLarger: Bool) {
    let half =
      "0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555"
    let y = try coordinates(point.y)
    let leading = y.prefix(48).allSatisfy { $0 == 0 } ? Array(y.suffix(48)) : Array(y.prefix(48))
    return (try coordinates(point.x), try Hex.decode(half).lexicographicallyPrecedes(leading))
  }

  func check(_ file: File, _ hash: ([UInt8], [UInt8]) -> [UInt8]) throws {
    for vector in file.vectors {
      let encoded = hash(Array(vector.msg.utf8), Array(file.dst.utf8))
      let expected = try compressed(vector.P)
      #expect([encoded[0] & 0x1f] + encoded.dropFirst() == expected.x)
      #expect((encoded[0] & 0x20 != 0) == expected.isLarger)
      #expect(encoded[0] & 0xc0 == 0x80)
    }
    #expect(file.vectors.count >= 5)
  }

  @Test func `messages hash to the published points of G1`() throws {
    try check(Vectors.json("hash-to-curve/BLS12381G1_XMD_SHA-256_SSWU_RO_.json")) { message, domain in
      BLS12381.hashToG1(message, domain: domain).canonicalBytes
    }
  }

  @Test func `messages hash to the published points of G2`() throws {
    try check(Vectors.json("hash-to-curve/BLS12381G2_XMD_SHA-256_SSWU_RO_.json")) { message, domain in
      BLS12381.hashToG2(message, domain: domain).canonicalBytes
    }
  }

  @Test func `hashed points decode and depend on message and domain`() throws {
    let points = [([1], [2]), ([1], [3]), ([2], [2]), ([], [2])].map { (message: [UInt8], domain: [UInt8]) in
      BLS12381.hashToG2(message, domain: domain)
    }
    #expect(Set(points).count == points.count)
    for point in points { #expect(try BLS12381G2.Element(canonicalBytes: point.canonicalBytes) == point) }
  }
}
