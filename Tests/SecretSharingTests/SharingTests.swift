import Curves
import Identifiers
import ProtocolTestKit
import SecretSharing
import Secrets
import Testing

/// The same tests for every group.
struct SharingTests {
  static let groups: [any PrimeOrderGroup.Type] = [
    Edwards25519.self, Ristretto255.self, Secp256k1.self, BLS12381G1.self, BLS12381G2.self,
  ]

  private func shareAndInterpolate<G: PrimeOrderGroup>(_ t: Int, _ n: Int, _ group: G.Type) throws {
    var random = SeededRandom(seed: UInt64(100 * t + n))
    let threshold = try Threshold(t: t, n: n)
    let polynomial = SecretPolynomial<G>(threshold, from: &random)
    let commitment = try polynomial.commitment()
    var points: [PartyID: G.Element] = [:]
    for party in PartySet(allOf: threshold) {
      let share = polynomial.share(of: party)
      let isConsistent = share.isConsistent(with: commitment)
      #expect(isConsistent)
      points[party] = share.value.timesGenerator()
      #expect(points[party] == commitment.evaluated(at: party))
    }
    for first in 0...(n - t) {
      let parties = points.keys.sorted()[first..<first + t]
      let enough = points.filter { parties.contains($0.key) }
      #expect(try Lagrange.interpolate(enough, in: G.self) == commitment.constantTerm)
      let tooFew = enough.filter { $0.key != parties.first }
      #expect(try Lagrange.interpolate(tooFew, in: G.self) != commitment.constantTerm)
    }
  }

  @Test(arguments: groups.indices)
  func `P35 any t of n shares give the key and t − 1 do not`(group: Int) throws {
    for (t, n) in [(2, 2), (2, 3), (3, 3), (3, 4), (4, 5), (5, 7)] {
      try shareAndInterpolate(t, n, Self.groups[group])
    }
  }

  private func refuseWrongShares<G: PrimeOrderGroup>(_ group: G.Type) throws {
    var random = SeededRandom(seed: 5)
    let threshold = try Threshold(t: 2, n: 3)
    let polynomial = SecretPolynomial<G>(threshold, from: &random)
    let commitment = try polynomial.commitment()
    let one = try PartyID(1)
    let two = try PartyID(2)
    let mine = polynomial.share(of: one)
    let shifted = SecretShare<G>(party: one, value: mine.value.adding(.one))
    let misplaced = SecretShare<G>(party: two, value: mine.value.clone())
    let zero = SecretShare<G>(party: one, value: SecretScalar(.zero))
    let results = [
      shifted.isConsistent(with: commitment), misplaced.isConsistent(with: commitment),
      zero.isConsistent(with: commitment),
    ]
    #expect(results == [false, false, false])
    let tooLong = SecretBytes(zeroed: G.scalarByteCount + 1)
    #expect(throws: SharingError.malformed) { _ = try SecretShare<G>(party: one, canonicalBytes: tooLong) }
    let tooLarge = SecretBytes(copying: [UInt8](repeating: 0xff, count: G.scalarByteCount))
    #expect(throws: SharingError.malformed) { _ = try SecretShare<G>(party: one, canonicalBytes: tooLarge) }
  }

  @Test(arguments: groups.indices)
  func `P1 P34 a share that is changed, misplaced, zero or not canonical is refused`(group: Int) throws {
    try refuseWrongShares(Self.groups[group])
  }

  private func refuseWrongCommitments<G: PrimeOrderGroup>(_ group: G.Type) throws {
    var random = SeededRandom(seed: 6)
    let threshold = try Threshold(t: 3, n: 4)
    let commitment = try SecretPolynomial<G>(threshold, from: &random).commitment()
    let good = commitment.encodedElements
    #expect(try FeldmanCommitment<G>(encodedElements: good, threshold) == commitment)
    for length in [0, 1, 2, 4, 5, 6] {
      let encoded = (0..<length).map { good[$0 % 3] }
      #expect(throws: SharingError.wrongCommitmentLength(expected: 3, actual: length)) {
        _ = try FeldmanCommitment<G>(encodedElements: encoded, threshold)
      }
      #expect(throws: SharingError.wrongCommitmentLength(expected: 3, actual: length)) {
        _ = try FeldmanCommitment<G>(elements: (0..<length).map { commitment.elements[$0 % 3] }, threshold)
      }
    }
    for place in 0..<3 {
      var elements = commitment.elements
      elements[place] = .identity
      #expect(throws: SharingError.degenerateCommitment) {
        _ = try FeldmanCommitment<G>(elements: elements, threshold)
      }
      var encoded = good
      encoded[place] = G.Element.identity.canonicalBytes
      #expect(throws: SharingError.malformed) { _ = try FeldmanCommitment<G>(encodedElements: encoded, threshold) }
      encoded[place] = Array(good[place].dropLast())
      #expect(throws: SharingError.malformed) { _ = try FeldmanCommitment<G>(encodedElements: encoded, threshold) }
    }
  }

  @Test(arguments: groups.indices)
  func `P2 P33 P34 a commitment of another length, or with anything but elements, is refused`(group: Int) throws {
    try refuseWrongCommitments(Self.groups[group])
  }

  @Test func `commitments that cancel out have no sum`() throws {
    var random = SeededRandom(seed: 7)
    let threshold = try Threshold(t: 2, n: 2)
    let commitment = try SecretPolynomial<Ristretto255>(threshold, from: &random).commitment()
    let negated = try FeldmanCommitment<Ristretto255>(elements: commitment.elements.map { -$0 }, threshold)
    #expect(throws: SharingError.degenerateCommitment) { _ = try FeldmanCommitment.sum([commitment, negated]) }
    #expect(throws: SharingError.degenerateCommitment) { _ = try FeldmanCommitment<Ristretto255>.sum([]) }
    let longer = try SecretPolynomial<Ristretto255>(Threshold(t: 3, n: 3), from: &random).commitment()
    #expect(throws: SharingError.wrongCommitmentLength(expected: 2, actual: 3)) {
      _ = try FeldmanCommitment.sum([commitment, longer])
    }
  }

  @Test func `shares of sums are sums of shares`() throws {
    var random = SeededRandom(seed: 8)
    let threshold = try Threshold(t: 2, n: 3)
    let first = SecretPolynomial<Secp256k1>(threshold, from: &random)
    let second = SecretPolynomial<Secp256k1>(threshold, from: &random)
    let sum = try FeldmanCommitment.sum([first.commitment(), second.commitment()])
    let party = try PartyID(3)
    let share = SecretShare<Secp256k1>(
      party: party, value: first.share(of: party).value.adding(second.share(of: party).value))
    let isConsistent = share.isConsistent(with: sum)
    #expect(isConsistent)
  }

  @Test func `a polynomial for a given secret shares that secret`() throws {
    var random = SeededRandom(seed: 9)
    let polynomial = SecretPolynomial<Edwards25519>(
      sharing: SecretScalar(Edwards25519.Scalar(42)), try Threshold(t: 3, n: 3), from: &random)
    let key = try polynomial.commitment().constantTerm
    #expect(key == Edwards25519.generator.multiplied(by: Edwards25519.Scalar(42)))
  }

  @Test func `interpolation coefficients are those of the textbook`() throws {
    // At 0, for the points 1, 2, 3: λ = 3, −3, 1.
    let set = try PartySet([1, 2, 3].map { try PartyID($0) })
    let coefficients = try set.map { try Lagrange.coefficient($0, in: set, group: Ristretto255.self) }
    let three = Ristretto255.Scalar(3)
    #expect(coefficients == [three, -three, .one])
    #expect(throws: SharingError.unknownParty(try PartyID(4))) {
      _ = try Lagrange.coefficient(try PartyID(4), in: set, group: Ristretto255.self)
    }
  }
}
