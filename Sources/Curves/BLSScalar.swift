internal import CBlst

/// A public integer modulo the order r of the BLS12-381 groups, big-endian in 32 bytes.
public struct BLSScalar: GroupScalar {
  /// Montgomery form, fully reduced, so equal values have equal limbs.
  private let element: blst_fr

  static let order: [UInt8] = [
    0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
    0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
  ]

  private init(_ element: blst_fr) { self.element = element }

  /// Bytes below the order.
  private init(unchecked bytes: [UInt8]) {
    var scalar = blst_scalar()
    var field = blst_fr()
    unsafe blst_scalar_from_bendian(&scalar, bytes)
    unsafe blst_fr_from_scalar(&field, &scalar)
    element = field
  }

  public static let zero = BLSScalar(0)
  public static let one = BLSScalar(1)

  public init(_ value: UInt64) {
    self.init(unchecked: (0..<32).map { $0 < 24 ? 0 : UInt8(truncatingIfNeeded: value >> (8 * UInt64(31 - $0))) })
  }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    let value = [UInt8](bytes)
    guard value.lexicographicallyPrecedes(Self.order) else { throw .scalarNotCanonical }
    self.init(unchecked: value)
  }

  /// Reduces any number of big-endian bytes modulo r.
  public init(reducing bytes: [UInt8]) {
    var scalar = blst_scalar()
    var field = blst_fr()
    _ = unsafe blst_scalar_from_be_bytes(&scalar, bytes, bytes.count)
    unsafe blst_fr_from_scalar(&field, &scalar)
    element = field
  }

  var scalar: blst_scalar {
    var field = element
    var result = blst_scalar()
    unsafe blst_scalar_from_fr(&result, &field)
    return result
  }

  public var canonicalBytes: [UInt8] {
    var scalar = scalar
    var result = [UInt8](repeating: 0, count: 32)
    unsafe blst_bendian_from_scalar(&result, &scalar)
    return result
  }

  public var littleEndianBytes: [UInt8] { canonicalBytes.reversed() }

  public static func == (left: Self, right: Self) -> Bool { left.element.l == right.element.l }
  public func hash(into hasher: inout Hasher) { hasher.combine(canonicalBytes) }
  public var isZero: Bool { element.l == (0, 0, 0, 0) }

  public static func + (left: Self, right: Self) -> Self {
    var (a, b, result) = (left.element, right.element, blst_fr())
    unsafe blst_fr_add(&result, &a, &b)
    return Self(result)
  }

  public static func - (left: Self, right: Self) -> Self {
    var (a, b, result) = (left.element, right.element, blst_fr())
    unsafe blst_fr_sub(&result, &a, &b)
    return Self(result)
  }

  public static func * (left: Self, right: Self) -> Self {
    var (a, b, result) = (left.element, right.element, blst_fr())
    unsafe blst_fr_mul(&result, &a, &b)
    return Self(result)
  }

  public static prefix func - (value: Self) -> Self {
    var (a, result) = (value.element, blst_fr())
    unsafe blst_fr_cneg(&result, &a, true)
    return Self(result)
  }

  public func inverted() throws(CurveError) -> Self {
    guard !isZero else { throw .zeroHasNoInverse }
    var (a, result) = (element, blst_fr())
    unsafe blst_fr_eucl_inverse(&result, &a)
    return Self(result)
  }
}
