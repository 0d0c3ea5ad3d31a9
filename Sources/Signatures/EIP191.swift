public import Identifiers

/// The digest wallets sign for `personal_sign` (EIP-191 version 0x45).
public enum EIP191 {
  /// Keccak-256 of `0x19 ‖ "Ethereum Signed Message:\n" ‖ decimal length ‖ message`.
  public static func digest(_ message: [UInt8]) -> Digest32 {
    let prefix = "\u{19}Ethereum Signed Message:\n\(message.count)"
    return .keccak256(Array(prefix.utf8) + message)
  }
}
