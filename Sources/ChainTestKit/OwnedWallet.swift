import EthereumChain
public import EthereumRPC
public import Identifiers
public import SigningContent

/// A contract that is a wallet (EIP-1271): its owner's signatures are its own. Whoever likes to names the owner, which a
/// test does.
///
/// Assembled by hand: the project has no such contract of its own.
public struct OwnedWallet: Sendable {
  /// `setOwner(address)`; everything that is no question names the owner.
  private static let setOwner: [UInt8] = [0x13, 0xaf, 0x40, 0x35]

  private static let runtime: [UInt8] = [
    // if selector == isValidSignature(bytes32,bytes) jump to judge
    0x60, 0x00, 0x35, 0x60, 0xe0, 0x1c, 0x63, 0x16, 0x26, 0xba, 0x7e, 0x14, 0x60, 0x16, 0x57,
    // storage[0] = calldata[4...]; stop
    0x60, 0x04, 0x35, 0x60, 0x00, 0x55, 0x00,
    // judge: memory = hash ‖ v ‖ r ‖ s
    0x5b, 0x60, 0x04, 0x35, 0x60, 0x00, 0x52,
    0x60, 0x64, 0x35, 0x60, 0x40, 0x52,
    0x60, 0x84, 0x35, 0x60, 0x60, 0x52,
    0x60, 0xa4, 0x35, 0x60, 0xf8, 0x1c, 0x60, 0x20, 0x52,
    // memory[0x80] = ecrecover(memory[0 ..< 0x80])
    0x60, 0x20, 0x60, 0x80, 0x60, 0x80, 0x60, 0x00, 0x60, 0x01, 0x5a, 0xfa, 0x50,
    // if it is storage[0] jump to yes, else return a word of zeros
    0x60, 0x80, 0x51, 0x60, 0x00, 0x54, 0x14, 0x60, 0x4e, 0x57,
    0x60, 0x20, 0x60, 0xc0, 0xf3,
    // yes: return the word that EIP-1271 has for it
    0x5b, 0x63, 0x16, 0x26, 0xba, 0x7e, 0x60, 0xe0, 0x1b, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3,
  ]

  /// Copies the code behind these twelve bytes and returns it.
  private static let creation: [UInt8] =
    [0x60, UInt8(runtime.count), 0x60, 0x0c, 0x60, 0x00, 0x39, 0x60, UInt8(runtime.count), 0x60, 0x00, 0xf3] + runtime

  public let address: WalletAddress
  private let maximumFee: UInt256

  /// - Parameter nonce: of the transaction by which `deployer` creates it.
  public init?(deployer: WalletAddress, nonce: UInt64, maximumFee: UInt256) {
    guard let address = WalletAddress(contractCreatedBy: deployer, nonce: nonce) else { return nil }
    self.address = address
    self.maximumFee = maximumFee
  }

  public var deployment: TransactionOrder {
    TransactionOrder(to: nil, data: Self.creation, maximumFee: maximumFee)
  }

  public func setOwner(_ owner: WalletAddress) -> TransactionOrder {
    TransactionOrder(
      to: address, data: Self.setOwner + [UInt8](repeating: 0, count: 12) + owner.bytes, maximumFee: maximumFee)
  }
}
