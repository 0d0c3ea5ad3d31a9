/// What the user's wallet signed: that a session key may do certain things for a while.
public struct Capability: Sendable, Hashable {
  /// The exact EIP-4361 text.
  public let siwe: String
  /// EIP-191 signature of `siwe`: r ‖ s ‖ v, 65 bytes; in JSON `0x` and lower-case hex.
  public let signature: [UInt8]

  public static let signatureByteCount = 65

  /// - Throws: ``FormatError/invalid(_:)`` for a text or signature of the wrong size.
  public init(siwe: String, signature: [UInt8]) throws(FormatError) {
    guard !siwe.isEmpty, siwe.utf8.count <= WireLimits.capability else { throw .invalid("siwe") }
    guard signature.count == Self.signatureByteCount else { throw .invalid("signature") }
    self.siwe = siwe
    self.signature = signature
  }
}
