package import CSecp256k1

/// secp256k1 (SEC 2), elements in compressed SEC 1 form.
public enum Secp256k1: PrimeOrderGroup {
  public typealias Scalar = Secp256k1Scalar
  public typealias Element = Secp256k1Element
  public typealias SecretArithmetic = Secp256k1Secrets

  public static let name = "secp256k1"
  public static let scalarByteCount = 32
  public static let elementByteCount = 33
  public static let generator: Element = SecretScalar<Secp256k1>(.one).timesGenerator()

  public static func hashToScalar(_ message: [UInt8], domain: [UInt8]) -> Scalar {
    scalar(
      reducingHash: [UInt8](repeating: 0, count: 16) + ExpandMessage.xmdSHA256(message, domain: domain, count: 48))
  }

  public static func scalar(reducingWide bytes: [UInt8]) throws(CurveError) -> Scalar {
    guard bytes.count == 64 else { throw .wrongLength(expected: 64, actual: bytes.count) }
    return try Scalar(reducingWide: bytes)
  }
}

/// A point of secp256k1, or the identity as a result of arithmetic.
public struct Secp256k1Element: GroupElement {
  public typealias Scalar = Secp256k1Scalar

  /// `nil` is the point at infinity, which the library cannot hold.
  package let point: secp256k1_pubkey?

  package init(_ point: secp256k1_pubkey?) { self.point = point }

  init?(parsing encoded: [UInt8]) {
    var key = secp256k1_pubkey()
    let status = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_pubkey_parse(context, &key, encoded, encoded.count)
    }
    guard status == 1 else { return nil }
    point = key
  }

  public static let identity = Secp256k1Element(nil)
  public var isIdentity: Bool { point == nil }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 33 else { throw .wrongLength(expected: 33, actual: bytes.count) }
    let encoded = [UInt8](bytes)
    if encoded.allSatisfy({ $0 == 0 }) { throw .pointIsIdentity }
    guard let element = Secp256k1Element(parsing: encoded) else { throw .pointNotCanonical }
    self = element
  }

  /// Lifts a BIP-340 x-only key, 32 bytes, to the point with even y.
  public init(xOnly bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    try self.init(canonicalBytes: [2] + bytes)
  }

  /// 33 bytes; the identity, which has no SEC 1 compressed form, gives 33 zeros that do not decode.
  public var canonicalBytes: [UInt8] { serialized(33, UInt32(SECP256K1_EC_COMPRESSED)) }

  /// `04 ‖ x ‖ y`, 65 bytes.
  public var uncompressedBytes: [UInt8] { serialized(65, UInt32(SECP256K1_EC_UNCOMPRESSED)) }

  public var xOnlyBytes: [UInt8] { [UInt8](canonicalBytes.dropFirst()) }
  public var hasEvenY: Bool { canonicalBytes.first == 2 }

  private func serialized(_ count: Int, _ flags: UInt32) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    guard var key = point else { return result }
    var written = count
    _ = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_pubkey_serialize(context, &result, &written, &key, flags)
    }
    return result
  }

  public static func == (left: Self, right: Self) -> Bool { left.canonicalBytes == right.canonicalBytes }
  public func hash(into hasher: inout Hasher) { hasher.combine(canonicalBytes) }

  public static func + (left: Self, right: Self) -> Self { sum([left, right]) }

  public static prefix func - (value: Self) -> Self {
    guard var key = value.point else { return .identity }
    _ = unsafe Secp256k1Context.use { context in unsafe secp256k1_ec_pubkey_negate(context, &key) }
    return Self(key)
  }

  public func multiplied(by scalar: Scalar) -> Self {
    guard var key = point, !scalar.isZero else { return .identity }
    let status = unsafe Secp256k1Context.use { context in
      unsafe secp256k1_ec_pubkey_tweak_mul(context, &key, scalar.canonicalBytes)
    }
    return status == 1 ? Self(key) : .identity
  }

  public static func linearCombination(_ terms: [(Scalar, Self)]) -> Self {
    sum(terms.map { scalar, element in scalar == .one ? element : element.multiplied(by: scalar) })
  }

  /// The library adds any number of points at once and reports a sum at infinity as failure.
  private static func sum(_ elements: [Self]) -> Self {
    let points = elements.compactMap(\.point)
    guard points.count > 1 else { return Self(points.first) }
    var result = secp256k1_pubkey()
    let status = unsafe points.withUnsafeBufferPointer { buffer in
      unsafe Secp256k1Context.use { context in
        let pointers = unsafe buffer.indices.map { index -> UnsafePointer<secp256k1_pubkey>? in
          unsafe buffer.baseAddress.map { unsafe $0 + index }
        }
        return unsafe secp256k1_ec_pubkey_combine(context, &result, pointers, pointers.count)
      }
    }
    return status == 1 ? Self(result) : .identity
  }
}
