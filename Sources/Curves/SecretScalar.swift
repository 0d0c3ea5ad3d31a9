public import Secrets

/// A scalar that must stay secret: wiped when dropped, never copied by accident, all arithmetic in constant time.
///
/// ``declassified()`` is the one way to a public value.
public struct SecretScalar<Group: PrimeOrderGroup>: ~Copyable, Sendable {
  private typealias Arithmetic = Group.SecretArithmetic

  /// Enough to be uniform modulo every order once reduced.
  public static var wideByteCount: Int { 64 }

  private let bytes: SecretBytes

  private init(owning bytes: consuming SecretBytes) { self.bytes = bytes }

  /// Uniform up to a bias below 2⁻²⁵⁵: 64 random bytes, reduced.
  public static func random(from source: inout some RandomSource) -> SecretScalar {
    reducing(SecretBytes(count: wideByteCount, from: &source))
  }

  /// Takes the canonical encoding of a stored scalar, ``PrimeOrderGroup/scalarByteCount`` bytes.
  public init(canonicalBytes: borrowing SecretBytes) throws(CurveError) {
    guard canonicalBytes.count == Group.scalarByteCount else {
      throw .wrongLength(expected: Group.scalarByteCount, actual: canonicalBytes.count)
    }
    guard unsafe canonicalBytes.withUnsafePointer({ unsafe Arithmetic.isCanonical($0) }) else {
      throw .scalarNotCanonical
    }
    self.init(owning: canonicalBytes.clone())
  }

  public init(_ value: Group.Scalar) {
    self.init(owning: SecretBytes(copying: value.canonicalBytes))
  }

  /// Reduces a hash value whose length, ``wideByteCount`` bytes, the caller has fixed.
  public static func reducing(_ wide: borrowing SecretBytes) -> SecretScalar {
    precondition(wide.count == wideByteCount, "a fixed length of the caller")
    return unsafe unary(wide) { unsafe Arithmetic.reduceWide($0, $1) }
  }

  private static func unary(
    _ operand: borrowing SecretBytes, _ operation: (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void
  ) -> SecretScalar {
    var result = SecretBytes(zeroed: Group.scalarByteCount)
    unsafe operand.withUnsafePointer { input in
      unsafe result.withUnsafeMutablePointer { output in unsafe operation(output, input) }
    }
    return SecretScalar(owning: result)
  }

  private static func binary(
    _ left: borrowing SecretBytes, _ right: borrowing SecretBytes,
    _ operation: (UnsafeMutableRawPointer, UnsafeRawPointer, UnsafeRawPointer) -> Void
  ) -> SecretScalar {
    var result = SecretBytes(zeroed: Group.scalarByteCount)
    unsafe left.withUnsafePointer { left in
      unsafe right.withUnsafePointer { right in
        unsafe result.withUnsafeMutablePointer { output in unsafe operation(output, left, right) }
      }
    }
    return SecretScalar(owning: result)
  }

  public borrowing func adding(_ other: borrowing SecretScalar) -> SecretScalar {
    unsafe Self.binary(bytes, other.bytes) { unsafe Arithmetic.add($0, $1, $2) }
  }

  public borrowing func adding(_ other: Group.Scalar) -> SecretScalar { adding(SecretScalar(other)) }

  public borrowing func multiplied(by other: borrowing SecretScalar) -> SecretScalar {
    unsafe Self.binary(bytes, other.bytes) { unsafe Arithmetic.multiply($0, $1, $2) }
  }

  public borrowing func multiplied(by other: Group.Scalar) -> SecretScalar { multiplied(by: SecretScalar(other)) }

  public borrowing func negated() -> SecretScalar {
    unsafe Self.unary(bytes) { unsafe Arithmetic.negate($0, $1) }
  }

  public borrowing func clone() -> SecretScalar { SecretScalar(owning: bytes.clone()) }

  /// `self · G` for the group's generator.
  public borrowing func timesGenerator() -> Group.Element {
    unsafe bytes.withUnsafePointer { unsafe Arithmetic.multiplyGenerator($0) }
  }

  public borrowing func times(_ element: Group.Element) -> Group.Element {
    unsafe bytes.withUnsafePointer { unsafe Arithmetic.multiply(element, by: $0) }
  }

  /// Makes the value public. Every call is a decision that this number may be seen by anyone.
  public borrowing func declassified() -> Group.Scalar {
    let encoded = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    let scalar = try? Group.Scalar(canonicalBytes: encoded)
    precondition(scalar != nil, "secret scalars are canonical by construction")
    return scalar ?? .zero
  }

  public borrowing func canonicalBytes() -> SecretBytes { bytes.clone() }

  public borrowing func isEqual(to other: borrowing SecretScalar) -> Bool { bytes.isEqual(to: other.bytes) }

  /// Lets another group over the same scalar field use the value (BLS12-381 G1 and G2).
  package borrowing func withUnsafePointer<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe bytes.withUnsafePointer { unsafe body($0) }
  }
}
