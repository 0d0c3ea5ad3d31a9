internal import CSodium

/// A public integer modulo ℓ = 2²⁵² + 27742317777372353535851937790883648493, little-endian in 32 bytes; the scalar
/// field of edwards25519 and ristretto255.
public struct Scalar25519: GroupScalar {
  public let canonicalBytes: [UInt8]

  static let order: [UInt8] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
  ]

  private init(unchecked bytes: [UInt8]) { canonicalBytes = bytes }

  public static let zero = Scalar25519(0)
  public static let one = Scalar25519(1)

  public init(_ value: UInt64) {
    canonicalBytes = (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) : 0 }
  }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    let value = [UInt8](bytes)
    guard value.reversed().lexicographicallyPrecedes(Self.order.reversed()) else { throw .scalarNotCanonical }
    canonicalBytes = value
  }

  /// Reduces 64 little-endian bytes modulo ℓ.
  init(reducingWide bytes: [UInt8]) throws(CurveError) {
    guard bytes.count == 64 else { throw .wrongLength(expected: 64, actual: bytes.count) }
    var result = [UInt8](repeating: 0, count: 32)
    unsafe crypto_core_ed25519_scalar_reduce(&result, bytes)
    canonicalBytes = result
  }

  public var isZero: Bool { canonicalBytes.allSatisfy { $0 == 0 } }

  public static func + (left: Self, right: Self) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe crypto_core_ed25519_scalar_add(&result, left.canonicalBytes, right.canonicalBytes)
    return Self(unchecked: result)
  }

  public static func - (left: Self, right: Self) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe crypto_core_ed25519_scalar_sub(&result, left.canonicalBytes, right.canonicalBytes)
    return Self(unchecked: result)
  }

  public static func * (left: Self, right: Self) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe crypto_core_ed25519_scalar_mul(&result, left.canonicalBytes, right.canonicalBytes)
    return Self(unchecked: result)
  }

  public static prefix func - (value: Self) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe crypto_core_ed25519_scalar_negate(&result, value.canonicalBytes)
    return Self(unchecked: result)
  }

  public func inverted() throws(CurveError) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    guard !isZero, unsafe crypto_core_ed25519_scalar_invert(&result, canonicalBytes) == 0 else {
      throw .zeroHasNoInverse
    }
    return Self(unchecked: result)
  }
}
