public import Curves

/// Interpolation at 0, where the secret lies.
public enum Lagrange {
  /// `λ = Π x_j / (x_j − x_i)` over all other parties j of the set.
  ///
  /// - Throws: ``SharingError/unknownParty(_:)`` when the party is not in the set.
  public static func coefficient<G: PrimeOrderGroup>(
    _ party: PartyID, in set: PartySet, group: G.Type = G.self
  ) throws(SharingError) -> G.Scalar {
    guard set.contains(party) else { throw .unknownParty(party) }
    let own = party.coordinate(in: G.self)
    var numerator = G.Scalar.one
    var denominator = G.Scalar.one
    for other in set.others(than: party) {
      let x = other.coordinate(in: G.self)
      numerator = numerator * x
      denominator = denominator * (x - own)
    }
    do {
      return numerator * (try denominator.inverted())
    } catch {
      // Coordinates are distinct and far smaller than the order, so no difference is 0.
      throw .malformed
    }
  }

  /// Interpolates public values, such as decryption shares, at 0.
  public static func interpolate<G: PrimeOrderGroup>(
    _ values: [PartyID: G.Element], in group: G.Type = G.self
  ) throws(SharingError) -> G.Element {
    let set = try PartySet(values.keys)
    var terms: [(G.Scalar, G.Element)] = []
    for party in set {
      guard let value = values[party] else { throw .unknownParty(party) }
      terms.append((try coefficient(party, in: set, group: G.self), value))
    }
    return G.Element.linearCombination(terms)
  }
}
