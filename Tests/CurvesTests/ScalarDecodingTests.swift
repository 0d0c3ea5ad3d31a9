import Curves
import Identifiers
import Secrets
import Testing

@Suite struct ScalarDecodingTests {
  /// Refused: the order, the order plus one, all ones, and every wrong length. Accepted: zero and the order less one.
  func check<G: PrimeOrderGroup>(_: G.Type, order: [UInt8], lowByte: Int) throws {
    var aboveOrder = order
    aboveOrder[lowByte] += 1
    var belowOrder = order
    belowOrder[lowByte] -= 1
    let refused = [
      order, aboveOrder, [UInt8](repeating: 0xff, count: 32), [], Array(order.dropLast()), order + [0],
      [UInt8](repeating: 0, count: 31), [UInt8](repeating: 0, count: 33),
    ]
    for bytes in refused {
      #expect(throws: CurveError.self) { try G.Scalar(canonicalBytes: bytes) }
      #expect(throws: CurveError.self) {
        _ = try SecretScalar<G>(canonicalBytes: SecretBytes(copying: bytes)).declassified()
      }
    }
    for bytes in [[UInt8](repeating: 0, count: 32), belowOrder] {
      #expect(try G.Scalar(canonicalBytes: bytes).canonicalBytes == bytes)
      let secret = try SecretScalar<G>(canonicalBytes: SecretBytes(copying: bytes)).declassified()
      #expect(secret.canonicalBytes == bytes)
    }
    #expect(try G.Scalar(canonicalBytes: belowOrder) == -.one)
    #expect(try G.Scalar(canonicalBytes: belowOrder) + .one == .zero)
    #expect(G.Scalar(.max) + .one == G.Scalar(1 << 63) + G.Scalar(1 << 63))
  }

  @Test func `P34 scalars of the 25519 groups have one encoding`() throws {
    let order = try Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    try check(Edwards25519.self, order: order, lowByte: 0)
    try check(Ristretto255.self, order: order, lowByte: 0)
  }

  @Test func `P34 scalars of secp256k1 have one encoding`() throws {
    let order = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    try check(Secp256k1.self, order: order, lowByte: 31)
  }

  @Test func `P34 scalars of BLS12-381 have one encoding`() throws {
    let order = try Hex.decode("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")
    try check(BLS12381G1.self, order: order, lowByte: 31)
    try check(BLS12381G2.self, order: order, lowByte: 31)
  }

  @Test func `wide bytes are reduced in the group's byte order`() throws {
    let wide = (0..<64).map { UInt8($0) }
    func reduced<G: PrimeOrderGroup>(_: G.Type) throws -> String {
      let scalar = try G.scalar(reducingWide: wide)
      let secret = SecretScalar<G>.reducing(SecretBytes(copying: wide)).declassified()
      #expect(secret == scalar)
      #expect(throws: CurveError.self) { try G.scalar(reducingWide: wide + [0]) }
      #expect(throws: CurveError.self) { try G.scalar(reducingWide: []) }
      return Hex.encode(scalar.canonicalBytes)
    }
    #expect(try reduced(Edwards25519.self) == "7a3c6282f02d37a05023b60d5428e6cc5961d4c31221937adae0b574e4d07205")
    #expect(try reduced(Ristretto255.self) == "7a3c6282f02d37a05023b60d5428e6cc5961d4c31221937adae0b574e4d07205")
    #expect(try reduced(Secp256k1.self) == "76730d0e2c1f94d0a845c9e5f7ee405eefef04abf8e3ce754279c7d6b07c7885")
    #expect(try reduced(BLS12381G1.self) == "6d31d8684aab1a3910d9770d3affb7e74ac05cee3b11e7ca194c48de6e4f23ec")
    #expect(try reduced(BLS12381G2.self) == "6d31d8684aab1a3910d9770d3affb7e74ac05cee3b11e7ca194c48de6e4f23ec")
  }
}
