/// Which chain an address is for; scripts and transactions do not say.
public enum BitcoinNetwork: String, CaseIterable, Sendable, Hashable {
  case mainnet
  /// Testnet and signet.
  case testnet
  case regtest

  /// BIP-173's human-readable part.
  var prefix: String {
    switch self {
    case .mainnet: "bc"
    case .testnet: "tb"
    case .regtest: "bcrt"
    }
  }
}
