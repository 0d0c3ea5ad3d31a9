import Identifiers
import Secrets
import Testing

@testable import Curves

/// Everything that is not the one encoding of a non-identity element of the prime-order group.
@Suite struct DecodingTests {
  /// The points of order 1, 2, 4 and 8 of edwards25519.
  static let smallOrder = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ]

  /// The generator plus each of the other seven.
  static let mixedOrder = [
    "98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819",
    "9bad33f580df7ecc49df5342bac8145d5bedc40f573d1b067f3c4ce449689a15",
    "da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2",
    "9599999999999999999999999999999999999999999999999999999999999999",
    "55ae61520ca466adcc4ae4a32dc1633a5d749c64a5b50f136fc3469f27e487e6",
    "5252cc0a7f208133b620acbd4537eba2a4123bf0a8c2e4f980c3b31bb69765ea",
    "13661d745ad63221ca5da0456fa618713511dc60668aa464e55b09a20ff7fc1d",
  ]

  /// y ≥ p, and x = 0 with a sign.
  static let edwardsNotCanonical = [
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ]

  @Test(arguments: smallOrder + mixedOrder + edwardsNotCanonical)
  func `P31 edwards25519 refuses small order, torsion and second encodings`(encoding: String) throws {
    let bytes = try Hex.decode(encoding)
    #expect(throws: CurveError.self) { try Edwards25519.Element(canonicalBytes: bytes) }
  }

  @Test func `P31 the check for libraries that miss torsion of order two decides the same`() throws {
    for encoding in try (Self.smallOrder + Self.mixedOrder + Self.edwardsNotCanonical).map(Hex.decode) {
      #expect(!Edwards25519Subgroup.isKilledByOrder(encoding))
    }
    for factor: UInt64 in 1...20 {
      let point = Edwards25519.generator.multiplied(by: Scalar25519(factor))
      #expect(Edwards25519Subgroup.isKilledByOrder(point.canonicalBytes))
      #expect(Edwards25519Subgroup.contains(point.canonicalBytes))
    }
  }

  @Test(arguments: [
    // s not below p (also by its top bit), s odd, and values that RFC 9496 section 4.3.1 maps to no point.
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2df6",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "0000000000000000000000000000000000000000000000000000000000000000",
  ])
  func `P31 ristretto255 refuses everything but canonical encodings`(encoding: String) throws {
    let bytes = try Hex.decode(encoding)
    #expect(throws: CurveError.self) { try Ristretto255.Element(canonicalBytes: bytes) }
  }

  @Test(arguments: [
    // x off the curve, x = p, x = p + 1, x = 0, foreign prefixes, the identity.
    "020000000000000000000000000000000000000000000000000000000000000005",
    "030000000000000000000000000000000000000000000000000000000000000007",
    "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
    "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
    "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "020000000000000000000000000000000000000000000000000000000000000000",
    "000000000000000000000000000000000000000000000000000000000000000001",
    "040000000000000000000000000000000000000000000000000000000000000001",
    "050000000000000000000000000000000000000000000000000000000000000001",
    "060000000000000000000000000000000000000000000000000000000000000001",
    "000000000000000000000000000000000000000000000000000000000000000000",
  ])
  func `P33 secp256k1 refuses what is not a compressed point of the curve`(encoding: String) throws {
    let bytes = try Hex.decode(encoding)
    #expect(throws: CurveError.self) { try Secp256k1.Element(canonicalBytes: bytes) }
    #expect(try Secp256k1.Element(canonicalBytes: [2] + [UInt8](repeating: 0, count: 31) + [1]).hasEvenY)
  }

  @Test func `P33 other forms of a secp256k1 point are refused`() throws {
    let g = Secp256k1.generator
    #expect(g.uncompressedBytes.count == 65)
    #expect(throws: CurveError.self) { try Secp256k1.Element(canonicalBytes: g.uncompressedBytes) }
    #expect(throws: CurveError.self) { try Secp256k1.Element(canonicalBytes: g.xOnlyBytes) }
    #expect(throws: CurveError.self) { try Secp256k1.Element(canonicalBytes: [0]) }
    #expect(throws: CurveError.self) { try Secp256k1.Element(xOnly: [UInt8](repeating: 0, count: 31) + [5]) }
    #expect(try Secp256k1.Element(xOnly: g.xOnlyBytes) == (g.hasEvenY ? g : -g))
  }

  static let fieldPrime =
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab"

  /// First byte and number of the points that are refused: x = number.
  func g1(_ flags: UInt8, _ x: UInt8) -> [UInt8] { [flags] + [UInt8](repeating: 0, count: 46) + [x] }
  func g2(_ flags: UInt8, _ x: UInt8) -> [UInt8] { [flags] + [UInt8](repeating: 0, count: 94) + [x] }

  @Test func `P32 G1 refuses points outside its subgroup and off its curve, and second encodings`() throws {
    for x: UInt8 in [4, 5, 6, 8] {
      #expect(throws: CurveError.pointNotInSubgroup) { try BLS12381G1.Element(canonicalBytes: g1(0x80, x)) }
      #expect(throws: CurveError.pointNotInSubgroup) { try BLS12381G1.Element(canonicalBytes: g1(0xa0, x)) }
    }
    for x: UInt8 in [1, 2, 3, 7] {
      #expect(throws: CurveError.pointNotCanonical) { try BLS12381G1.Element(canonicalBytes: g1(0x80, x)) }
    }
    #expect(throws: CurveError.pointIsIdentity) { try BLS12381G1.Element(canonicalBytes: g1(0xc0, 0)) }
    var prime = try Hex.decode(Self.fieldPrime)
    prime[0] |= 0x80
    let generator = BLS12381G1.generator.canonicalBytes
    let malformed: [[UInt8]] = [
      g1(0xc0, 1), g1(0xe0, 0), g1(0x40, 0), g1(0, 4), g1(0x20, 4), prime, [UInt8](repeating: 0xff, count: 48),
      [generator[0] & 0x7f] + generator.dropFirst(), [generator[0] | 0x40] + generator.dropFirst(),
    ]
    for bytes in malformed {
      #expect(throws: CurveError.self) { try BLS12381G1.Element(canonicalBytes: bytes) }
    }
  }

  @Test func `P32 G2 refuses points outside its subgroup and off its curve, and second encodings`() throws {
    for x: UInt8 in [2, 4, 5, 7] {
      #expect(throws: CurveError.pointNotInSubgroup) { try BLS12381G2.Element(canonicalBytes: g2(0x80, x)) }
    }
    for x: UInt8 in [1, 3, 6, 8] {
      #expect(throws: CurveError.pointNotCanonical) { try BLS12381G2.Element(canonicalBytes: g2(0x80, x)) }
    }
    #expect(throws: CurveError.pointIsIdentity) { try BLS12381G2.Element(canonicalBytes: g2(0xc0, 0)) }
    let prime = try Hex.decode(Self.fieldPrime)
    let generator = BLS12381G2.generator.canonicalBytes
    let malformed: [[UInt8]] = [
      g2(0xc0, 1), g2(0xe0, 0), g2(0x40, 0), g2(0, 2), [0x80] + [UInt8](repeating: 0, count: 47) + prime,
      [prime[0] | 0x80] + prime.dropFirst() + [UInt8](repeating: 0, count: 48),
      [generator[0] & 0x7f] + generator.dropFirst(), [generator[0] | 0x40] + generator.dropFirst(),
    ]
    for bytes in malformed {
      #expect(throws: CurveError.self) { try BLS12381G2.Element(canonicalBytes: bytes) }
    }
  }
}
