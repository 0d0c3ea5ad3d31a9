public import Curves

/// A secret scalar in a box that can be kept in arrays, which noncopyable values cannot.
///
/// Copies of the reference share the one secret; it is wiped when the last of them goes.
public final class HeldScalar<G: PrimeOrderGroup>: Sendable {
  public let scalar: SecretScalar<G>

  public init(_ scalar: consuming SecretScalar<G>) {
    self.scalar = scalar
  }
}
