/// Why bytes are not a value of the group they were offered as.
public enum CurveError: Error, Equatable, Sendable {
  case wrongLength(expected: Int, actual: Int)
  /// The integer is not below the group order.
  case scalarNotCanonical
  /// Not the one encoding of a point on the curve.
  case pointNotCanonical
  /// On the curve, outside the prime-order subgroup.
  case pointNotInSubgroup
  case pointIsIdentity
  case zeroHasNoInverse
}
