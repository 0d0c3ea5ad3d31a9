internal import CSodium

/// ristretto255 (RFC 9496): a prime-order group without cofactor.
public enum Ristretto255: PrimeOrderGroup {
  public typealias Scalar = Scalar25519
  public typealias Element = Ristretto255Element
  public typealias SecretArithmetic = Ristretto255Secrets

  public static let name = "ristretto255"
  public static let scalarByteCount = 32
  public static let elementByteCount = 32
  /// RFC 9496 section 4: the encoding of the canonical generator.
  public static let generator = Ristretto255Element(unchecked: [
    0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f,
    0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76,
  ])

  public static func hashToScalar(_ message: [UInt8], domain: [UInt8]) -> Scalar {
    Edwards25519.hashToScalar(message, domain: domain)
  }

  public static func scalar(reducingWide bytes: [UInt8]) throws(CurveError) -> Scalar {
    try Scalar(reducingWide: bytes)
  }
}

/// An element of ristretto255, or the identity as a result of arithmetic.
public struct Ristretto255Element: GroupElement {
  public typealias Scalar = Scalar25519
  public let canonicalBytes: [UInt8]

  init(unchecked bytes: [UInt8]) { canonicalBytes = bytes }

  public static let identity = Ristretto255Element(unchecked: [UInt8](repeating: 0, count: 32))
  public var isIdentity: Bool { self == .identity }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    let encoded = [UInt8](bytes)
    if encoded == Self.identity.canonicalBytes { throw .pointIsIdentity }
    // The library ignores the top bit, so it takes a second encoding for every element and one for the identity.
    guard encoded[31] & 0x80 == 0, unsafe crypto_core_ristretto255_is_valid_point(encoded) == 1 else {
      throw .pointNotCanonical
    }
    canonicalBytes = encoded
  }

  public static func + (left: Self, right: Self) -> Self {
    // Decoding two operands is most of the price.
    if left.isIdentity { return right }
    if right.isIdentity { return left }
    var result = [UInt8](repeating: 0, count: 32)
    let status = unsafe crypto_core_ristretto255_add(&result, left.canonicalBytes, right.canonicalBytes)
    precondition(status == 0, "elements decode by construction")
    return Self(unchecked: result)
  }

  public static func - (left: Self, right: Self) -> Self {
    var result = [UInt8](repeating: 0, count: 32)
    let status = unsafe crypto_core_ristretto255_sub(&result, left.canonicalBytes, right.canonicalBytes)
    precondition(status == 0, "elements decode by construction")
    return Self(unchecked: result)
  }

  public static prefix func - (value: Self) -> Self { .identity - value }

  public func multiplied(by scalar: Scalar) -> Self {
    if isIdentity || scalar.isZero { return .identity }
    var result = [UInt8](repeating: 0, count: 32)
    let status =
      self == Ristretto255.generator
      ? unsafe crypto_scalarmult_ristretto255_base(&result, scalar.canonicalBytes)
      : unsafe crypto_scalarmult_ristretto255(&result, scalar.canonicalBytes, canonicalBytes)
    return status == 0 ? Self(unchecked: result) : .identity
  }
}

/// Secret arithmetic of ``Ristretto255``; libsodium's multiplications are constant-time.
public enum Ristretto255Secrets: Scalar25519Secrets {
  public static func multiplyGenerator(_ scalar: UnsafeRawPointer) -> Ristretto255Element {
    var result = [UInt8](repeating: 0, count: 32)
    // Fails exactly for the scalar zero, whose product is the identity.
    let status = unsafe crypto_scalarmult_ristretto255_base(&result, scalar.assumingMemoryBound(to: UInt8.self))
    return status == 0 ? Ristretto255Element(unchecked: result) : .identity
  }

  public static func multiply(_ element: Ristretto255Element, by scalar: UnsafeRawPointer) -> Ristretto255Element {
    if element.isIdentity { return .identity }
    var result = [UInt8](repeating: 0, count: 32)
    let status = unsafe crypto_scalarmult_ristretto255(
      &result, scalar.assumingMemoryBound(to: UInt8.self), element.canonicalBytes)
    return status == 0 ? Ristretto255Element(unchecked: result) : .identity
  }
}
