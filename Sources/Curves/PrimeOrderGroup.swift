/// A group of prime order in which discrete logarithms are hard.
///
/// Scalars are encoded in ``scalarByteCount`` bytes, in the byte order customary for the curve. Decoding is canonical:
/// one value, one encoding; elements outside the group and the identity do not decode.
public protocol PrimeOrderGroup: Sendable {
  associatedtype Scalar: GroupScalar
  associatedtype Element: GroupElement where Element.Scalar == Scalar

  /// A stable label, part of hash inputs.
  static var name: String { get }
  static var scalarByteCount: Int { get }
  static var elementByteCount: Int { get }
  static var generator: Element { get }

  /// `hash_to_field` of RFC 9380 section 5.2 into the scalar field, one element.
  static func hashToScalar(_ message: [UInt8], domain: [UInt8]) -> Scalar

  /// Reduces 64 uniform bytes, read in the group's byte order; the bias is below 2⁻²⁵⁵.
  static func scalar(reducingWide bytes: [UInt8]) throws(CurveError) -> Scalar

  /// Constant-time arithmetic on secrets; reached only through ``SecretScalar``.
  associatedtype SecretArithmetic: SecretScalarArithmetic where SecretArithmetic.Element == Element
}

extension PrimeOrderGroup {
  /// Reduces 64 bytes of a hash, a length the caller has fixed, in the group's byte order.
  public static func scalar(reducingHash hash: [UInt8]) -> Scalar {
    let scalar = try? scalar(reducingWide: hash)
    precondition(scalar != nil, "a fixed length of the caller")
    return scalar ?? .zero
  }
}

/// A public element of the scalar field. Operations may take variable time: nothing secret belongs here.
public protocol GroupScalar: Sendable, Hashable {
  static var zero: Self { get }
  static var one: Self { get }
  init(_ value: UInt64)
  init(canonicalBytes: some Collection<UInt8>) throws(CurveError)
  var canonicalBytes: [UInt8] { get }
  var isZero: Bool { get }
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static prefix func - (value: Self) -> Self
  func inverted() throws(CurveError) -> Self
}

/// An element of the prime-order group. The identity arises from arithmetic only; it does not decode.
public protocol GroupElement: Sendable, Hashable {
  associatedtype Scalar: GroupScalar
  static var identity: Self { get }
  var isIdentity: Bool { get }
  /// Refuses the identity, non-canonical bytes, points off the curve and outside the subgroup.
  init(canonicalBytes: some Collection<UInt8>) throws(CurveError)
  var canonicalBytes: [UInt8] { get }
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static prefix func - (value: Self) -> Self
  /// Multiplies by a public scalar; may take variable time.
  func multiplied(by scalar: Scalar) -> Self
  /// Σ scalar·element over public values; may take variable time.
  static func linearCombination(_ terms: [(Scalar, Self)]) -> Self
}

extension GroupElement {
  public static func linearCombination(_ terms: [(Scalar, Self)]) -> Self {
    terms.reduce(.identity) { sum, term in
      let (scalar, element) = term
      return sum + (scalar == .one ? element : element.multiplied(by: scalar))
    }
  }

  public static func - (left: Self, right: Self) -> Self { left + -right }
}

/// Constant-time operations on canonical scalars in memory the caller owns, ``SecretScalar/byteCount`` bytes each.
public protocol SecretScalarArithmetic: Sendable {
  associatedtype Element: GroupElement
  static func add(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer)
  static func multiply(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer)
  static func negate(_ result: UnsafeMutableRawPointer, _ value: UnsafeRawPointer)
  /// Reduces 64 bytes in the group's byte order.
  static func reduceWide(_ result: UnsafeMutableRawPointer, _ wide: UnsafeRawPointer)
  /// Whether the value is below the order; only this bit may be observed.
  static func isCanonical(_ value: UnsafeRawPointer) -> Bool
  static func multiplyGenerator(_ scalar: UnsafeRawPointer) -> Element
  static func multiply(_ element: Element, by scalar: UnsafeRawPointer) -> Element
}
