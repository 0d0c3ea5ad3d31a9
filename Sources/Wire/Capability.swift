/// What the user's wallet signed: that a session key may do certain things for a while.
public struct Capability: Sendable, Hashable {
  /// The exact EIP-4361 text.
  public let siwe: String
  /// In JSON `0x` and lower-case hex. From a wallet that is a key the EIP-191 signature of `siwe`, r ‖ s ‖ v, 65 bytes;
  /// from one that is a contract whatever that contract takes (EIP-1271), 1 … 4096 bytes.
  public let signature: [UInt8]
  /// Where the contract is asked; nil from a wallet that is a key.
  public let block: BlockReference?

  public static let signatureByteCount = 65

  /// - Throws: ``FormatError/invalid(_:)`` for a text or signature of the wrong size.
  public init(siwe: String, signature: [UInt8], block: BlockReference? = nil) throws(FormatError) {
    guard !siwe.isEmpty, siwe.utf8.count <= WireLimits.capability else { throw .invalid("siwe") }
    let sizes =
      block == nil ? Self.signatureByteCount...Self.signatureByteCount : 1...WireLimits.contractSignature
    guard sizes.contains(signature.count) else { throw .invalid("signature") }
    self.siwe = siwe
    self.signature = signature
    self.block = block
  }
}
