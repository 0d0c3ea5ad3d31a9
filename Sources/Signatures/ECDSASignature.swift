public import Curves

/// A finished ECDSA signature over secp256k1 with low s, and which of the candidate keys made it.
public struct ECDSASignature: Sendable, Hashable {
  public let r: Secp256k1.Scalar
  /// At most half the order.
  public let s: Secp256k1.Scalar
  /// 0…3 (SEC 1 section 4.1.6): bit 0 is the parity of the nonce point's y, bit 1 says that its x is not below the order.
  public let recoveryID: UInt8

  /// Takes the low one of `s` and `−s`; the other nonce point belongs to the negative.
  ///
  /// - Parameter noncePoint: `R`, from whose x-coordinate `r` follows.
  /// - Throws: ``SignatureError/outOfRange`` when r or s is zero, or R the identity.
  public init(noncePoint: Secp256k1.Element, s: Secp256k1.Scalar) throws(SignatureError) {
    guard !noncePoint.isIdentity, !s.isZero, let r = try? Secp256k1.Scalar(reducing: noncePoint.xOnlyBytes), !r.isZero
    else { throw .outOfRange }
    let isHigh = Self.halfOrder.lexicographicallyPrecedes(s.canonicalBytes)
    let isOdd = noncePoint.hasEvenY == isHigh
    let exceedsOrder = r.canonicalBytes != noncePoint.xOnlyBytes
    self.r = r
    self.s = isHigh ? -s : s
    recoveryID = (isOdd ? 1 : 0) | (exceedsOrder ? 2 : 0)
  }

  /// r ‖ s, 64 bytes, big-endian.
  public var compact: [UInt8] { r.canonicalBytes + s.canonicalBytes }

  /// `SEQUENCE { r INTEGER, s INTEGER }`, as Bitcoin transactions and X.509 carry it.
  public var der: [UInt8] {
    let content = Self.integer(r) + Self.integer(s)
    return [0x30, UInt8(content.count)] + content
  }

  /// The shortest two's complement form.
  private static func integer(_ value: Secp256k1.Scalar) -> [UInt8] {
    var digits = Array(value.canonicalBytes.drop { $0 == 0 })
    if let first = digits.first, first >= 0x80 { digits.insert(0, at: 0) }
    return [0x02, UInt8(digits.count)] + digits
  }

  /// (n − 1) / 2
  private static let halfOrder: [UInt8] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
  ]
}
