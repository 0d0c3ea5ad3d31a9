internal import Curves
internal import Secrets

/// Library operations measured in the same run, so that results travel between machines as ratios.
enum ReferenceOperations {
  /// - Parameter sizes: how many points linear combinations have.
  static func rows(sizes: [Int]) -> [Row] {
    var random = SystemRandom()
    var rows = multiplications(Edwards25519.self, &random)
    rows += multiplications(Ristretto255.self, &random)
    rows += multiplications(Secp256k1.self, &random)
    rows += multiplications(BLS12381G1.self, &random)
    rows += multiplications(BLS12381G2.self, &random)
    let domain = [UInt8]("QUORATE-BENCHMARK_BLS12381G2_XMD:SHA-256_SSWU_RO_".utf8)
    let message = random.bytes(32)
    rows.append(.reference("hash to G2", .measure { _ = BLS12381.hashToG2(message, domain: domain) }))
    let point = BLS12381.hashToG2(message, domain: domain)
    rows.append(.reference("pairing", .measure { _ = BLS12381.pairing(BLS12381G1.generator, point) }))
    let encoded = point.canonicalBytes
    rows.append(.reference("G2 decoding", .measure { _ = try? BLS12381G2.Element(canonicalBytes: encoded) }))
    for count in sizes {
      let terms = (0..<count).map { _ in
        let (weight, factor) = (random.scalar(), random.scalar())
        return (weight, point.multiplied(by: factor))
      }
      rows.append(
        .reference(linearCombination(of: count), .measure { _ = BLS12381G2.Element.linearCombination(terms) }))
    }
    return rows
  }

  static func linearCombination(of count: Int) -> String { "G2 linear combination, \(count) points" }

  private static func multiplications<G: PrimeOrderGroup>(_: G.Type, _ random: inout SystemRandom) -> [Row] {
    let secret = SecretScalar<G>.random(from: &random)
    let point = SecretScalar<G>.random(from: &random).timesGenerator()
    return [
      .reference("\(G.name) base multiplication", .measure { _ = secret.timesGenerator() }),
      // What everything is compared with: long enough to see the machine's pace, not a moment of it.
      .reference("\(G.name) multiplication", .measure(samples: 100) { _ = secret.times(point) }),
    ]
  }
}

extension SystemRandom {
  fileprivate mutating func scalar() -> BLSScalar {
    SecretScalar<BLS12381G2>.random(from: &self).declassified()
  }
}
