internal import CBlst

/// The group G2 of BLS12-381, 96-byte compressed elements.
public enum BLS12381G2: PrimeOrderGroup {
  public typealias Scalar = BLSScalar
  public typealias Element = BLS12381G2Element
  public typealias SecretArithmetic = BLS12381G2Secrets

  public static let name = "bls12381-g2"
  public static let scalarByteCount = 32
  public static let elementByteCount = 96
  public static let generator = Element(unsafe blst_p2_generator().pointee)

  public static func hashToScalar(_ message: [UInt8], domain: [UInt8]) -> Scalar {
    BLSScalar(reducing: ExpandMessage.xmdSHA256(message, domain: domain, count: 48))
  }

  public static func scalar(reducingWide bytes: [UInt8]) throws(CurveError) -> Scalar {
    guard bytes.count == 64 else { throw .wrongLength(expected: 64, actual: bytes.count) }
    return BLSScalar(reducing: bytes)
  }
}

/// An element of G2, or the identity as a result of arithmetic.
public struct BLS12381G2Element: GroupElement {
  public typealias Scalar = BLSScalar
  let point: blst_p2

  init(_ point: blst_p2) { self.point = point }

  public static let identity = Self(blst_p2())

  public var isIdentity: Bool {
    var point = point
    return unsafe blst_p2_is_inf(&point)
  }

  public init(canonicalBytes bytes: some Collection<UInt8>) throws(CurveError) {
    guard bytes.count == 96 else { throw .wrongLength(expected: 96, actual: bytes.count) }
    var affine = blst_p2_affine()
    guard unsafe blst_p2_uncompress(&affine, [UInt8](bytes)) == BLST_SUCCESS else { throw .pointNotCanonical }
    if unsafe blst_p2_affine_is_inf(&affine) { throw .pointIsIdentity }
    guard unsafe blst_p2_affine_in_g2(&affine) else { throw .pointNotInSubgroup }
    var point = blst_p2()
    unsafe blst_p2_from_affine(&point, &affine)
    self.point = point
  }

  var affine: blst_p2_affine {
    var (point, result) = (point, blst_p2_affine())
    unsafe blst_p2_to_affine(&result, &point)
    return result
  }

  public var canonicalBytes: [UInt8] {
    var point = point
    var result = [UInt8](repeating: 0, count: 96)
    unsafe blst_p2_compress(&result, &point)
    return result
  }

  public static func == (left: Self, right: Self) -> Bool {
    var (a, b) = (left.point, right.point)
    return unsafe blst_p2_is_equal(&a, &b)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(canonicalBytes) }

  public static func + (left: Self, right: Self) -> Self {
    var (a, b, result) = (left.point, right.point, blst_p2())
    unsafe blst_p2_add_or_double(&result, &a, &b)
    return Self(result)
  }

  public static prefix func - (value: Self) -> Self {
    var result = value.point
    unsafe blst_p2_cneg(&result, true)
    return Self(result)
  }

  public func multiplied(by scalar: Scalar) -> Self {
    var (point, result) = (point, blst_p2())
    unsafe blst_p2_mult(&result, &point, scalar.littleEndianBytes, 255)
    return Self(result)
  }

  /// Pippenger's algorithm; variable time, for public values.
  public static func linearCombination(_ terms: [(Scalar, Self)]) -> Self {
    let terms = terms.filter { !$0.1.isIdentity && !$0.0.isZero }
    guard terms.count > 1 else { return terms.first.map { $0.1.multiplied(by: $0.0) } ?? .identity }
    let points = terms.map(\.1.affine)
    let scalars = terms.flatMap(\.0.littleEndianBytes)
    var scratch = [limb_t](
      repeating: 0, count: blst_p2s_mult_pippenger_scratch_sizeof(terms.count) / MemoryLayout<limb_t>.size)
    var result = blst_p2()
    unsafe points.withUnsafeBufferPointer { points in
      unsafe scalars.withUnsafeBufferPointer { scalars in
        // One pointer and a null stand for a contiguous array.
        let pointList = unsafe [points.baseAddress, nil]
        let scalarList = unsafe [scalars.baseAddress, nil]
        unsafe blst_p2s_mult_pippenger(&result, pointList, terms.count, scalarList, 255, &scratch)
      }
    }
    return Self(result)
  }
}

/// Secret arithmetic of ``BLS12381G2``; blst's single multiplications are constant-time.
public enum BLS12381G2Secrets: BLSScalarSecrets {
  public static func multiplyGenerator(_ scalar: UnsafeRawPointer) -> BLS12381G2Element {
    var result = blst_p2()
    unsafe withScalar(scalar) { unsafe blst_sk_to_pk_in_g2(&result, $0) }
    return BLS12381G2Element(result)
  }

  public static func multiply(_ element: BLS12381G2Element, by scalar: UnsafeRawPointer) -> BLS12381G2Element {
    var (point, result) = (element.point, blst_p2())
    unsafe withScalar(scalar) { scalar in
      unsafe scalar.withMemoryRebound(to: UInt8.self, capacity: 32) { unsafe blst_p2_mult(&result, &point, $0, 255) }
    }
    return BLS12381G2Element(result)
  }
}
