/// How many shares (`t`) of how many (`n`) a secret needs: `t` give it, `t − 1` say nothing about it.
public struct Threshold: Sendable, Hashable {
  /// More members than any network of this kind has; what is sized by `n` stays small.
  public static let maximumPartyCount = 255

  /// Shares needed. A polynomial of this sharing has `t` coefficients, degree `t − 1`.
  public let t: Int
  /// Shares dealt, to the x-coordinates 1…n.
  public let n: Int

  /// - Throws: ``SharingError/impossibleThreshold`` unless 2 ≤ t ≤ n ≤ ``maximumPartyCount``: with `t` = 1 every share
  ///   is the secret.
  public init(t: Int, n: Int) throws(SharingError) {
    guard 2 <= t, t <= n, n <= Self.maximumPartyCount else { throw .impossibleThreshold }
    self.t = t
    self.n = n
  }

  /// The rule of every network: `t = floor(2n/3) + 1`, more than two thirds.
  public static func twoThirds(of n: Int) throws(SharingError) -> Threshold {
    guard n <= maximumPartyCount, n >= 0 else { throw .impossibleThreshold }
    return try Threshold(t: 2 * n / 3 + 1, n: n)
  }
}
