/// A public integer modulo the order of secp256k1, big-endian in 32 bytes.
public struct Secp256k1Scalar: GroupScalar {
  public let canonicalBytes: [UInt8]

  static let order: [UInt8] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
  ]

  private init(unchecked bytes: [UInt8]) { canonicalBytes = bytes }

  public static let zero = Secp256k1Scalar(0)
  public static let one = Secp256k1Scalar(1)

  public init(_ value: UInt64) {
    canonicalBytes = (0..<32).map { $0 < 24 ? 0 : UInt8(truncatingIfNeeded: value >> (8 * UInt64(31 - $0))) }
  }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    let value = [UInt8](bytes)
    guard value.lexicographicallyPrecedes(Self.order) else { throw .scalarNotCanonical }
    canonicalBytes = value
  }

  /// Reduces 48 or 64 big-endian bytes.
  init(reducingWide bytes: [UInt8]) throws(CurveError) {
    guard bytes.count == 48 || bytes.count == 64 else { throw .wrongLength(expected: 64, actual: bytes.count) }
    canonicalBytes = unsafe Self.filled { result in
      unsafe bytes.withUnsafeBytes { wide in
        guard let wide = wide.baseAddress else { return }
        unsafe Secp256k1Secrets.reduce(result, wide, digits: bytes.count / 16)
      }
    }
  }

  /// Reduces 32 big-endian bytes, as BIP-340 and ECDSA do with a hash.
  public init(reducing bytes: [UInt8]) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    try self.init(reducingWide: [UInt8](repeating: 0, count: 16) + bytes)
  }

  private static func filled(_ body: (UnsafeMutableRawPointer) -> Void) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe result.withUnsafeMutableBytes { buffer in
      if let start = buffer.baseAddress { unsafe body(start) }
    }
    return result
  }

  private static func combine(
    _ left: Self, _ right: Self, _ body: (UnsafeMutableRawPointer, UnsafeRawPointer, UnsafeRawPointer) -> Void
  ) -> Self {
    let bytes = unsafe filled { result in
      unsafe left.canonicalBytes.withUnsafeBytes { left in
        unsafe right.canonicalBytes.withUnsafeBytes { right in
          if let left = left.baseAddress, let right = right.baseAddress { unsafe body(result, left, right) }
        }
      }
    }
    return Self(unchecked: bytes)
  }

  public var isZero: Bool { canonicalBytes.allSatisfy { $0 == 0 } }

  public static func + (left: Self, right: Self) -> Self {
    unsafe combine(left, right) { unsafe Secp256k1Secrets.add($0, $1, $2) }
  }

  public static func - (left: Self, right: Self) -> Self { left + -right }

  public static func * (left: Self, right: Self) -> Self {
    unsafe combine(left, right) { unsafe Secp256k1Secrets.multiply($0, $1, $2) }
  }

  public static prefix func - (value: Self) -> Self {
    unsafe combine(value, value) { result, value, _ in unsafe Secp256k1Secrets.negate(result, value) }
  }

  /// Fermat: a^(n−2).
  public func inverted() throws(CurveError) -> Self {
    guard !isZero else { throw .zeroHasNoInverse }
    var exponent = Self.order
    exponent[31] = 0x3f
    var result = Self.one
    for byte in exponent {
      for bit in (0..<8).reversed() {
        result = result * result
        if (byte >> UInt8(bit)) & 1 == 1 { result = result * self }
      }
    }
    return result
  }
}
