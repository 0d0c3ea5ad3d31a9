import Identifiers
import Signatures

/// Addresses as people paste them.
enum WalletText {
  /// EIP-55 mixed case is checked; all lower case is taken as it is.
  static func address(_ text: String) throws(CommandFailure) -> WalletAddress {
    if let address = try? WalletAddress(text: text) { return address }
    if let address = try? WalletAddress(checksumText: text) { return address }
    throw CommandFailure(
      .badInput, "\(text) is not a wallet address", advice: "0x and 40 hex digits; with capitals the checksum must hold"
    )
  }
}
