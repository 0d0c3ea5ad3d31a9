import ArgumentParser
import Signatures

/// The wallet that signs an update of the registry.
struct SigningWalletOptions: ParsableArguments, Sendable {
  @Option(help: "A wallet of yours, by its name.")
  var wallet: String?

  @Option(help: "A wallet's file.")
  var walletFile: String?

  func open(_ home: HomeFolder) throws(CommandFailure) -> EthereumSigningKey {
    guard let walletFile else { return try Wallets(home: home).open(wallet).key }
    guard wallet == nil else {
      throw CommandFailure(.badInput, "--wallet and --wallet-file are two wallets", advice: "sign with one at a time")
    }
    return try WalletFile.read(walletFile)
  }
}
