public import Curves

/// A polynomial's coefficients times the generator: everybody can check a share against it, and its first element is
/// the public key (P. Feldman, 1987).
///
/// No element is the identity: that would be a coefficient 0, which a random polynomial has with negligible probability.
public struct FeldmanCommitment<G: PrimeOrderGroup>: Sendable, Hashable {
  /// The constant term first.
  public let elements: [G.Element]

  /// - Throws: ``SharingError/degenerateCommitment`` for no elements or the identity among them.
  init(elements: [G.Element]) throws(SharingError) {
    guard !elements.isEmpty, elements.allSatisfy({ !$0.isIdentity }) else { throw .degenerateCommitment }
    self.elements = elements
  }

  /// A commitment of exactly `t` elements. A longer one would raise the threshold, a shorter one lower it.
  public init(elements: [G.Element], _ threshold: Threshold) throws(SharingError) {
    guard elements.count == threshold.t else {
      throw .wrongCommitmentLength(expected: threshold.t, actual: elements.count)
    }
    try self.init(elements: elements)
  }

  /// Exactly `t` canonical encodings of elements other than the identity.
  public init(encodedElements: [[UInt8]], _ threshold: Threshold) throws(SharingError) {
    guard encodedElements.count == threshold.t else {
      throw .wrongCommitmentLength(expected: threshold.t, actual: encodedElements.count)
    }
    var elements: [G.Element] = []
    for encoded in encodedElements {
      do {
        elements.append(try G.Element(canonicalBytes: encoded))
      } catch {
        throw .malformed
      }
    }
    try self.init(elements: elements)
  }

  public var encodedElements: [[UInt8]] { elements.map(\.canonicalBytes) }

  /// How many shares the committed secret needs.
  public var threshold: Int { elements.count }

  /// The public key of the shared secret.
  public var constantTerm: G.Element { elements.first ?? .identity }

  /// The polynomial at the party's x-coordinate, times the generator: what the party's share verifies under.
  public func evaluated(at party: PartyID) -> G.Element {
    let x = party.coordinate(in: G.self)
    return elements.reversed().reduce(.identity) { value, element in value.multiplied(by: x) + element }
  }

  /// The commitment to the sum of the committed polynomials.
  ///
  /// - Throws: ``SharingError/degenerateCommitment`` when elements cancel out, ``SharingError/wrongCommitmentLength``
  ///   when thresholds differ.
  public static func sum(_ commitments: [FeldmanCommitment]) throws(SharingError) -> FeldmanCommitment {
    guard let first = commitments.first else { throw .degenerateCommitment }
    var sum = first.elements
    for commitment in commitments.dropFirst() {
      guard commitment.elements.count == sum.count else {
        throw .wrongCommitmentLength(expected: sum.count, actual: commitment.elements.count)
      }
      sum = zip(sum, commitment.elements).map { $0 + $1 }
    }
    return try FeldmanCommitment(elements: sum)
  }
}
