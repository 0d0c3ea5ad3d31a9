import ArgumentParser
import SigningContent

/// For which chain Bitcoin addresses are written.
enum BitcoinNetworkOption: String, CaseIterable, ExpressibleByArgument, Sendable {
  case mainnet
  case testnet
  case regtest

  var network: BitcoinNetwork {
    switch self {
    case .mainnet: .mainnet
    case .testnet: .testnet
    case .regtest: .regtest
    }
  }
}
