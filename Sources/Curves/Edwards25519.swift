internal import CSodium

/// The prime-order subgroup of edwards25519 (RFC 8032 encodings).
public enum Edwards25519: PrimeOrderGroup {
  public typealias Scalar = Scalar25519
  public typealias Element = Edwards25519Element
  public typealias SecretArithmetic = Edwards25519Secrets

  public static let name = "edwards25519"
  public static let scalarByteCount = 32
  public static let elementByteCount = 32
  public static let generator = Edwards25519Element(
    unchecked: [0x58] + [UInt8](repeating: 0x66, count: 31))

  public static func hashToScalar(_ message: [UInt8], domain: [UInt8]) -> Scalar {
    scalar(reducingHash: ExpandMessage.xmdSHA512(message, domain: domain, count: 64))
  }

  public static func scalar(reducingWide bytes: [UInt8]) throws(CurveError) -> Scalar {
    try Scalar(reducingWide: bytes)
  }
}

/// A point of the prime-order subgroup, or the identity as a result of arithmetic.
public struct Edwards25519Element: GroupElement {
  public typealias Scalar = Scalar25519
  public let canonicalBytes: [UInt8]

  init(unchecked bytes: [UInt8]) { canonicalBytes = bytes }

  public static let identity = Edwards25519Element(unchecked: [1] + [UInt8](repeating: 0, count: 31))
  public var isIdentity: Bool { self == .identity }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    let encoded = [UInt8](bytes)
    if encoded == Self.identity.canonicalBytes { throw .pointIsIdentity }
    guard Self.isBelowFieldPrime(encoded) else { throw .pointNotCanonical }
    guard Edwards25519Subgroup.contains(encoded) else { throw .pointNotInSubgroup }
    canonicalBytes = encoded
  }

  /// Whether y, without the sign bit, is below p = 2²⁵⁵ − 19.
  private static func isBelowFieldPrime(_ encoded: [UInt8]) -> Bool {
    guard let lowest = encoded.first, let highest = encoded.last else { return false }
    return highest & 0x7f != 0x7f || lowest < 0xed || encoded.dropFirst().dropLast().contains { $0 != 0xff }
  }

  public static func + (left: Self, right: Self) -> Self {
    // Decoding two operands is most of the price.
    if left.isIdentity { return right }
    if right.isIdentity { return left }
    var result = [UInt8](repeating: 0, count: 32)
    let status = unsafe crypto_core_ed25519_add(&result, left.canonicalBytes, right.canonicalBytes)
    precondition(status == 0, "elements decode by construction")
    return Self(unchecked: result)
  }

  public static func - (left: Self, right: Self) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    let status = unsafe crypto_core_ed25519_sub(&result, left.canonicalBytes, right.canonicalBytes)
    precondition(status == 0, "elements decode by construction")
    return Self(unchecked: result)
  }

  public static prefix func - (value: Self) -> Self { .identity - value }

  public func multiplied(by scalar: Scalar) -> Self {
    if isIdentity || scalar.isZero { return .identity }
    var result = [UInt8](repeating: 0, count: 32)
    let status =
      self == Edwards25519.generator
      ? unsafe crypto_scalarmult_ed25519_base_noclamp(&result, scalar.canonicalBytes)
      : unsafe crypto_scalarmult_ed25519_noclamp(&result, scalar.canonicalBytes, canonicalBytes)
    return status == 0 ? Self(unchecked: result) : .identity
  }
}

/// Secret arithmetic of ``Edwards25519``; libsodium's multiplications are constant-time.
public enum Edwards25519Secrets: Scalar25519Secrets {
  public static func multiplyGenerator(_ scalar: UnsafeRawPointer) -> Edwards25519Element {
    var result = [UInt8](repeating: 0, count: 32)
    // Fails exactly for the scalar zero, whose product is the identity.
    let status = unsafe crypto_scalarmult_ed25519_base_noclamp(&result, scalar.assumingMemoryBound(to: UInt8.self))
    return status == 0 ? Edwards25519Element(unchecked: result) : .identity
  }

  public static func multiply(_ element: Edwards25519Element, by scalar: UnsafeRawPointer) -> Edwards25519Element {
    if element.isIdentity { return .identity }
    var result = [UInt8](repeating: 0, count: 32)
    let status = unsafe crypto_scalarmult_ed25519_noclamp(
      &result, scalar.assumingMemoryBound(to: UInt8.self), element.canonicalBytes)
    return status == 0 ? Edwards25519Element(unchecked: result) : .identity
  }
}
