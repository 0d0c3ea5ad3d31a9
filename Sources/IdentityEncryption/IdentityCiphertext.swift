public import Curves

/// A message encrypted to an identity: `U(48) ‖ V(32) ‖ uleb128(length of W) ‖ W ‖ scheme byte`, the format of the
/// time-lock scheme that existing tools read.
public struct IdentityCiphertext: Sendable, Hashable {
  /// How the key pair of the network was proved; two numbers name the same scheme, the second in old data.
  public enum Scheme: UInt8, Sendable {
    case proofOfPossession = 2
    case proofOfPossessionLegacy = 3
  }

  static let maskedAlphaByteCount = 32
  /// Padded messages have at least 32 bytes; three bytes of length allow two million.
  static let paddedLengths = 32...(1 << 20)

  /// U = r·G, which the recipient computes again.
  public let commitment: BLS12381G1.Element
  /// V, the seed under the pairing value.
  public let maskedSeed: [UInt8]
  /// W, the padded message under a stream that the seed gives.
  public let maskedMessage: [UInt8]
  public let scheme: Scheme

  init(
    commitment: BLS12381G1.Element, maskedSeed: [UInt8], maskedMessage: [UInt8], scheme: Scheme = .proofOfPossession
  ) {
    self.commitment = commitment
    self.maskedSeed = maskedSeed
    self.maskedMessage = maskedMessage
    self.scheme = scheme
  }

  /// Decodes exactly what ``encoded`` gives: U in its group, shortest length, known scheme, nothing behind it.
  public init(encoded bytes: [UInt8]) throws(IdentityEncryptionError) {
    let head = BLS12381G1.elementByteCount + Self.maskedAlphaByteCount
    let tail = bytes.dropFirst(head)
    guard let commitment = try? BLS12381G1.Element(canonicalBytes: bytes.prefix(BLS12381G1.elementByteCount)),
      let length = UnsignedLEB128.decode(tail), Self.paddedLengths.contains(length.value),
      tail.count == length.byteCount + length.value + 1,
      let last = bytes.last, let scheme = Scheme(rawValue: last)
    else { throw .malformedCiphertext }
    self.init(
      commitment: commitment, maskedSeed: Array(bytes[BLS12381G1.elementByteCount..<head]),
      maskedMessage: Array(tail.dropFirst(length.byteCount).dropLast()), scheme: scheme)
  }

  public var encoded: [UInt8] {
    commitment.canonicalBytes + maskedSeed + UnsignedLEB128.encode(maskedMessage.count) + maskedMessage
      + [scheme.rawValue]
  }
}
