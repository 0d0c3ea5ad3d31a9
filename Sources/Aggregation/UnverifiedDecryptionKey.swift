public import Curves
public import PublicKeys
import SecretSharing

/// The sum of `t` decryption shares, which a wrong share makes another point of G2.
///
/// Good for one thing: to try to open a ciphertext with. Opening makes the ciphertext's commitment `U = r·B` again with
/// `r` a hash of seed and message, so whatever opens is what was encrypted, whichever point opened it: a second message
/// for the same `U` is a collision of that hash. What does not open says nothing about whose fault it is; that is what
/// ``DecryptionKey/init(combining:identity:key:)`` finds out.
public struct UnverifiedDecryptionKey: Sendable {
  public let value: BLS12381G2.Element

  /// Adds the `t` shares of the lowest parties up.
  ///
  /// - Throws: ``DecryptionFailure``.
  public init(
    combining shares: [DecryptionShare], for key: DerivedPublicKey<BLS12381G1>
  ) throws(DecryptionFailure) {
    let ordered = try DecryptionShare.distinct(shares, n: key.threshold.n)
    let t = key.threshold.t
    guard ordered.count >= t else { throw .tooFewShares(good: ordered.count, needed: t, culprits: []) }
    value = try DecryptionShare.sum(ordered.prefix(t))
  }
}

extension UnverifiedDecryptionKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "UnverifiedDecryptionKey" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DecryptionShare {
  /// `Σ λᵢ·shareᵢ`, the value at zero of the polynomial through the shares.
  static func sum(_ shares: ArraySlice<DecryptionShare>) throws(DecryptionFailure) -> BLS12381G2.Element {
    let values = Dictionary(shares.map { ($0.party, $0.value) }) { first, _ in first }
    do {
      return try Lagrange.interpolate(values, in: BLS12381G2.self)
    } catch {
      throw .inconsistent
    }
  }

  static func distinct(
    _ shares: [DecryptionShare], n: Int
  ) throws(DecryptionFailure) -> [DecryptionShare] {
    let ordered = shares.sorted { $0.party < $1.party }
    for (earlier, later) in zip(ordered, ordered.dropFirst()) where earlier.party == later.party {
      throw .duplicateShare(later.party)
    }
    if let stranger = ordered.first(where: { Int($0.party.value) > n }) { throw .unknownParty(stranger.party) }
    return ordered
  }
}
