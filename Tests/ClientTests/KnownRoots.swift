import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets

/// Root polynomials out of a seed. A real network has no place where they are together.
enum KnownRoots {
  static func commitments(_ threshold: Threshold) throws -> [KeyPurpose: [[[UInt8]]]] {
    var roots: [KeyPurpose: [[[UInt8]]]] = [:]
    for purpose in KeyPurpose.allCases { roots[purpose] = try commitments(purpose, threshold.t, in: purpose.group) }
    return roots
  }

  private static func commitments<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, _ t: Int, in group: G.Type
  ) throws -> [[[UInt8]]] {
    try (0..<purpose.rootCount).map { root in
      try coefficients(purpose, root, t, in: group).map { G.generator.multiplied(by: $0).canonicalBytes }
    }
  }

  /// A member's share of a derived key, or of the one encryption key.
  static func share<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, weights: [G.Scalar], of party: PartyID, _ threshold: Threshold, in group: G.Type
  ) throws -> G.Scalar {
    let x = G.Scalar(UInt64(party.value))
    var share = G.Scalar.zero
    for (root, weight) in weights.enumerated() {
      let value = try coefficients(purpose, root, threshold.t, in: group).reversed().reduce(.zero) { $0 * x + $1 }
      share = share + weight * value
    }
    return share
  }

  private static func coefficients<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, _ root: Int, _ t: Int, in group: G.Type
  ) throws -> [G.Scalar] {
    let place = KeyPurpose.allCases.firstIndex(of: purpose) ?? 0
    var random = SeededRandom(seed: UInt64(100 + 10 * place + root))
    return try (0..<t).map { _ in try G.scalar(reducingWide: random.bytes(64)) }
  }
}
