public import Curves
import Identifiers

/// What one signer gives the user (ePrint 2023/765, protocol 3.6): the nonce point and its parts of the signature's
/// denominator and numerator.
public struct ECDSAContribution: Sendable, Hashable {
  public static let byteCount = Secp256k1.elementByteCount + 2 * Secp256k1.scalarByteCount

  /// `R`, the same for all signers.
  public let noncePoint: Secp256k1.Element
  /// `u_i`
  public let denominator: Secp256k1.Scalar
  /// `w_i`
  public let numerator: Secp256k1.Scalar

  public init(noncePoint: Secp256k1.Element, denominator: Secp256k1.Scalar, numerator: Secp256k1.Scalar) {
    self.noncePoint = noncePoint
    self.denominator = denominator
    self.numerator = numerator
  }

  /// `R ‖ u ‖ w`, ``byteCount`` bytes.
  public var encoded: [UInt8] { noncePoint.canonicalBytes + denominator.canonicalBytes + numerator.canonicalBytes }

  /// - Throws: ``ECDSAInputError/malformedContribution`` unless all three are canonical and R is not the identity.
  public init(encoded: [UInt8]) throws(ECDSAInputError) {
    do {
      var reader = ByteReader(encoded)
      noncePoint = try Secp256k1.Element(canonicalBytes: reader.raw(Secp256k1.elementByteCount))
      denominator = try Secp256k1.Scalar(canonicalBytes: reader.raw(Secp256k1.scalarByteCount))
      numerator = try Secp256k1.Scalar(canonicalBytes: reader.raw(Secp256k1.scalarByteCount))
      try reader.finish()
    } catch {
      throw .malformedContribution
    }
  }
}
