public import Curves
public import Secrets

/// A random polynomial with `t` secret coefficients; its value at 0 is what is shared, its value at `x` party x's share.
public struct SecretPolynomial<G: PrimeOrderGroup>: ~Copyable, Sendable {
  private let coefficients: [HeldScalar<G>]

  /// A polynomial that shares a fresh random secret.
  public init(_ threshold: Threshold, from random: inout some RandomSource) {
    coefficients = (0..<threshold.t).map { _ in HeldScalar(SecretScalar.random(from: &random)) }
  }

  /// A polynomial that shares the given secret.
  public init(sharing secret: consuming SecretScalar<G>, _ threshold: Threshold, from random: inout some RandomSource) {
    coefficients =
      [HeldScalar(secret)] + (1..<threshold.t).map { _ in HeldScalar(SecretScalar.random(from: &random)) }
  }

  /// The secret itself, boxed; proofs of knowledge use it.
  var constantTerm: HeldScalar<G> { coefficients[0] }

  /// Horner's rule from the highest coefficient down; the party is public, the rest is not.
  public borrowing func share(of party: PartyID) -> SecretShare<G> {
    let x = party.coordinate(in: G.self)
    var value = SecretScalar<G>(.zero)
    for coefficient in coefficients.reversed() {
      value = value.multiplied(by: x).adding(coefficient.scalar)
    }
    return SecretShare(party: party, value: value)
  }

  /// Every coefficient times the generator.
  public borrowing func commitment() throws(SharingError) -> FeldmanCommitment<G> {
    try FeldmanCommitment(elements: coefficients.map { $0.scalar.timesGenerator() })
  }
}

extension PartyID {
  /// The party's x-coordinate as a scalar.
  public func coordinate<G: PrimeOrderGroup>(in group: G.Type) -> G.Scalar { G.Scalar(UInt64(value)) }
}
