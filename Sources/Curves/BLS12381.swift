internal import CBlst

/// What joins the groups of BLS12-381: hashing into them and the pairing G1 × G2 → GT.
public enum BLS12381 {
  /// `hash_to_curve` of RFC 9380, suite BLS12381G1_XMD:SHA-256_SSWU_RO_.
  public static func hashToG1(_ message: [UInt8], domain: [UInt8]) -> BLS12381G1Element {
    var result = blst_p1()
    unsafe blst_hash_to_g1(&result, message, message.count, domain, domain.count, nil, 0)
    return BLS12381G1Element(result)
  }

  /// `hash_to_curve` of RFC 9380, suite BLS12381G2_XMD:SHA-256_SSWU_RO_.
  public static func hashToG2(_ message: [UInt8], domain: [UInt8]) -> BLS12381G2Element {
    var result = blst_p2()
    unsafe blst_hash_to_g2(&result, message, message.count, domain, domain.count, nil, 0)
    return BLS12381G2Element(result)
  }

  public static func pairing(_ left: BLS12381G1Element, _ right: BLS12381G2Element) -> PairingValue {
    var (loop, result) = (millerLoop(left, right), blst_fp12())
    unsafe blst_final_exp(&result, &loop)
    return PairingValue(result)
  }

  /// Whether e(a, b) = e(c, d), with one final exponentiation.
  public static func pairingsEqual(
    _ a: BLS12381G1Element, _ b: BLS12381G2Element, _ c: BLS12381G1Element, _ d: BLS12381G2Element
  ) -> Bool {
    var (left, right) = (millerLoop(a, b), millerLoop(c, d))
    return unsafe blst_fp12_finalverify(&left, &right)
  }

  /// Multiplies an element of G2 by a secret that belongs to G1's protocol; both groups share the scalar field.
  public static func multiply(
    _ element: BLS12381G2Element, by secret: borrowing SecretScalar<BLS12381G1>
  ) -> BLS12381G2Element {
    unsafe secret.withUnsafePointer { unsafe BLS12381G2Secrets.multiply(element, by: $0) }
  }

  /// blst leaves the loop over a point at infinity undefined; its pairing is one.
  private static func millerLoop(_ left: BLS12381G1Element, _ right: BLS12381G2Element) -> blst_fp12 {
    guard !left.isIdentity, !right.isIdentity else { return unsafe blst_fp12_one().pointee }
    var (p, q, result) = (left.affine, right.affine, blst_fp12())
    unsafe blst_miller_loop(&result, &q, &p)
    return result
  }
}

/// An element of GT.
public struct PairingValue: Sendable, Equatable {
  private let value: blst_fp12

  init(_ value: blst_fp12) { self.value = value }

  /// 576 bytes: the twelve coefficients c0.c0.c0 … c1.c2.c1 over u² = −1, v³ = u + 1, w² = v, each 48 bytes big-endian.
  public var canonicalBytes: [UInt8] {
    var value = value
    var result = [UInt8](repeating: 0, count: 576)
    // Coefficient by coefficient: the library's own serialisation orders them otherwise.
    unsafe withUnsafePointer(to: &value) { pointer in
      unsafe pointer.withMemoryRebound(to: blst_fp.self, capacity: 12) { coefficients in
        unsafe result.withUnsafeMutableBytes { output in
          for index in 0..<12 {
            guard let start = output.baseAddress else { return }
            unsafe blst_bendian_from_fp(
              (start + 48 * index).assumingMemoryBound(to: UInt8.self), coefficients + index)
          }
        }
      }
    }
    return result
  }

  public static func == (left: Self, right: Self) -> Bool {
    var (a, b) = (left.value, right.value)
    return unsafe blst_fp12_is_equal(&a, &b)
  }
}
