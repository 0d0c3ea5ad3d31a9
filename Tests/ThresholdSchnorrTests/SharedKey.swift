import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
import Signatures

/// A derived key whose polynomials the test knows: `Σ weightᵢ·polynomialᵢ`, as key generation and derivation give it.
struct SharedKey<S: CertifiedSchnorrSuite>: Sendable {
  let publicKey: DerivedPublicKey<S.Group>
  private let polynomials: [[S.Group.Scalar]]
  private let roots: [FeldmanCommitment<S.Group>]
  private let weights: [S.Group.Scalar]

  /// Random polynomials for every root of the suite's purpose and the weights of a random key id.
  init(t: Int, n: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let polynomials = try (0..<S.purpose.rootCount).map { _ in
      try (0..<t).map { _ in try S.Group.scalar(reducingWide: random.bytes(64)) }
    }
    let weights = try KeyDerivation.weights(KeyID(bytes: random.bytes(32)), S.purpose, in: S.Group.self)
    try self.init(polynomials: polynomials, weights: weights, threshold: Threshold(t: t, n: n))
  }

  init(polynomials: [[S.Group.Scalar]], weights: [S.Group.Scalar], threshold: Threshold) throws {
    let roots = try polynomials.map { coefficients in
      try FeldmanCommitment<S.Group>(
        elements: coefficients.map { S.Group.generator.multiplied(by: $0) }, threshold)
    }
    try self.init(polynomials, roots, weights, threshold)
  }

  private init(
    _ polynomials: [[S.Group.Scalar]], _ roots: [FeldmanCommitment<S.Group>], _ weights: [S.Group.Scalar],
    _ threshold: Threshold
  ) throws {
    publicKey = try DerivedPublicKey(S.purpose, roots: roots, weights: weights, threshold: threshold)
    self.polynomials = polynomials
    self.roots = roots
    self.weights = weights
  }

  var threshold: Threshold { publicKey.threshold }

  /// The same key and shares in the hands of software that asks for another number of signers.
  func pretending(t: Int) throws -> SharedKey {
    try SharedKey(polynomials, roots, weights, Threshold(t: t, n: threshold.n))
  }

  func share(of party: PartyID) -> SecretShare<S.Group> {
    SecretShare(party: party, value: SecretScalar(value(at: party.coordinate(in: S.Group.self))))
  }

  /// The secret nobody has in a network.
  var secret: S.Group.Scalar { value(at: .zero) }

  private func value(at x: S.Group.Scalar) -> S.Group.Scalar {
    zip(polynomials, weights).reduce(.zero) { sum, term in
      let (coefficients, weight) = term
      return sum + weight * coefficients.reversed().reduce(.zero) { $0 * x + $1 }
    }
  }
}

/// The first `t` parties of a shuffled membership.
func shuffledQuorum(of threshold: Threshold, from random: inout SeededRandom) throws -> PartySet {
  try PartySet(PartySet(allOf: threshold).shuffled(using: &random).prefix(threshold.t))
}

let signingPurposes = KeyPurpose.allCases.filter { $0.schnorrSuite != nil }

func suite(of purpose: KeyPurpose) throws -> any CertifiedSchnorrSuite.Type {
  struct NotASigningPurpose: Error {}
  guard let suite = purpose.schnorrSuite else { throw NotASigningPurpose() }
  return suite
}
