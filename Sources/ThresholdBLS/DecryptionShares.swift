public import Aggregation
public import Curves
public import SecretSharing

extension DecryptionShare {
  /// One member's part of the key that opens everything encrypted to `identity`: `share · hash_to_G2(identity)`.
  ///
  /// It is a permanent capability for that identity, so the node makes the identity itself, from a policy it evaluated.
  public init(identity: [UInt8], share: borrowing SecretShare<BLS12381G1>) {
    self.init(
      party: share.party,
      value: BLS12381.multiply(Self.point(of: identity), by: share.value))
  }
}
