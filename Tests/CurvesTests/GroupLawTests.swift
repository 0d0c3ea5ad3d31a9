import Curves
import ProtocolTestKit
import Secrets
import Testing

/// The same laws for every group: edge cases around zero and the identity are where libraries differ.
@Suite struct GroupLawTests {
  func checkLaws<G: PrimeOrderGroup>(_: G.Type) throws {
    var random = SystemRandom()
    let g = G.generator
    let minusOne = -G.Scalar.one
    #expect(try G.Element(canonicalBytes: g.canonicalBytes) == g)
    #expect(g.multiplied(by: .one) == g)
    #expect(g.multiplied(by: .zero).isIdentity)
    #expect((g + -g).isIdentity)
    #expect((g - g).isIdentity)
    #expect(g.multiplied(by: minusOne) == -g)
    #expect((G.Element.identity + g) == g)
    #expect((g + .identity) == g)
    #expect((-G.Element.identity).isIdentity)
    #expect(G.Element.identity.multiplied(by: .one).isIdentity)
    #expect(SecretScalar<G>(.zero).timesGenerator().isIdentity)
    #expect(SecretScalar<G>(.zero).times(g).isIdentity)
    #expect(SecretScalar<G>(.one).times(.identity).isIdentity)
    #expect(SecretScalar<G>(.one).timesGenerator() == g)
    #expect(throws: CurveError.self) { try G.Element(canonicalBytes: G.Element.identity.canonicalBytes) }
    #expect(throws: CurveError.self) { try G.Element(canonicalBytes: [UInt8](g.canonicalBytes.dropLast())) }
    #expect(throws: CurveError.self) { try G.Scalar(canonicalBytes: [UInt8](repeating: 0xff, count: 32)) }
    #expect(throws: CurveError.self) { try G.Scalar.zero.inverted() }

    for _ in 0..<8 {
      let a = SecretScalar<G>.random(from: &random)
      let b = SecretScalar<G>.random(from: &random)
      let (x, y) = (a.declassified(), b.declassified())
      let (sum, product) = (a.adding(b).declassified(), a.multiplied(by: b).declassified())
      #expect(sum == x + y)
      #expect(product == x * y)
      #expect(a.negated().declassified() == -x)
      let difference = a.adding(a.negated()).declassified()
      #expect(difference.isZero)
      #expect(a.adding(.zero).declassified() == x)
      #expect(SecretScalar<G>(.zero).adding(x).declassified() == x)
      #expect(SecretScalar<G>(.zero).negated().declassified().isZero)
      #expect(a.multiplied(by: .zero).declassified().isZero)
      #expect(try x * x.inverted() == .one)
      #expect(x - y == -(y - x))
      let (p, q) = (a.timesGenerator(), b.timesGenerator())
      #expect(p == g.multiplied(by: x))
      let (exchanged, other) = (b.times(p), a.times(q))
      #expect(p + q == g.multiplied(by: sum))
      #expect(exchanged == other)
      #expect(exchanged == p.multiplied(by: y))
      #expect(G.Element.linearCombination([(x, q), (y, p), (.zero, g)]) == p.multiplied(by: y + y))
      #expect(G.Element.linearCombination([(x, g), (-x, g)]).isIdentity)
      #expect(try G.Element(canonicalBytes: p.canonicalBytes) == p)
      #expect(try G.Scalar(canonicalBytes: x.canonicalBytes) == x)
      let isSame = try SecretScalar<G>(canonicalBytes: a.canonicalBytes()).isEqual(to: a)
      #expect(isSame)
    }
    let order = (minusOne).canonicalBytes
    #expect(try G.Scalar(canonicalBytes: order) == minusOne)
    let largest = try SecretScalar<G>(canonicalBytes: SecretBytes(copying: order)).declassified()
    #expect(largest == minusOne)
    let tooLarge = SecretBytes(copying: [UInt8](repeating: 0xff, count: 32))
    #expect(throws: CurveError.scalarNotCanonical) { _ = try SecretScalar<G>(canonicalBytes: tooLarge).declassified() }
    var wide = [UInt8](repeating: 0, count: 64)
    #expect(try G.scalar(reducingWide: wide).isZero)
    wide = [UInt8](repeating: 0xff, count: 64)
    let secretWide = SecretScalar<G>.reducing(SecretBytes(copying: wide)).declassified()
    #expect(try G.scalar(reducingWide: wide) == secretWide)
  }

  @Test func `edwards25519 is a group with canonical encodings`() throws { try checkLaws(Edwards25519.self) }
  @Test func `ristretto255 is a group with canonical encodings`() throws { try checkLaws(Ristretto255.self) }
  @Test func `secp256k1 is a group with canonical encodings`() throws { try checkLaws(Secp256k1.self) }
  @Test func `G1 of BLS12-381 is a group with canonical encodings`() throws { try checkLaws(BLS12381G1.self) }
  @Test func `G2 of BLS12-381 is a group with canonical encodings`() throws { try checkLaws(BLS12381G2.self) }

  @Test func `the pairing is bilinear and has the published generator value`() throws {
    var random = SystemRandom()
    let (p, q) = (BLS12381G1.generator, BLS12381G2.generator)
    let a = SecretScalar<BLS12381G1>.random(from: &random)
    #expect(BLS12381.pairing(a.times(p), q) == BLS12381.pairing(p, BLS12381.multiply(q, by: a)))
    #expect(BLS12381.pairingsEqual(a.times(p), q, p, BLS12381.multiply(q, by: a)))
    #expect(!BLS12381.pairingsEqual(p, q, p, BLS12381.multiply(q, by: a)))
    #expect(!BLS12381.pairingsEqual(.identity, q, p, q))
    #expect(BLS12381.pairing(p, q).canonicalBytes.prefix(8) == [0x12, 0x50, 0xeb, 0xd8, 0x71, 0xfc, 0x0a, 0x92])
  }
}
