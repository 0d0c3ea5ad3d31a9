import ArgumentParser
import Client
import Identifiers
import Membership
import Signatures

/// Who a command acts as.
struct WalletOptions: ParsableArguments, Sendable {
  @Option(help: "The wallet to act as, by its name.")
  var wallet: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Act as the wallet with this address, for which the wallet or the signer signs.",
      discussion: "Of a contract wallet (EIP-1271), which is asked whether it takes that signature."))
  var address: String?

  @Option(
    help: ArgumentHelp(
      "A program that signs in place of the wallet, for the address given with --as.",
      discussion: "It reads the text from its standard input and writes the signature, 0x and hex."))
  var signer: String?

  @Flag(help: "Have the wallet sign anew instead of using a session of the last hour.")
  var freshSession = false

  /// Whose keys are meant, where nothing is signed.
  func actingAddress(_ home: HomeFolder) throws(CommandFailure) -> WalletAddress {
    if let address { return try WalletText.address(address) }
    return try Wallets(home: home).open(wallet).key.address
  }

  func acting(_ home: HomeFolder) throws(CommandFailure) -> ActingWallet {
    let address = try address.map { (text) throws(CommandFailure) in try WalletText.address(text) }
    guard let signer else { return ActingWallet(try Wallets(home: home).open(wallet).key, contract: address) }
    guard let address, wallet == nil else {
      throw CommandFailure(
        .badInput, "--signer signs for one address, and no wallet of this folder does",
        advice: "give the address with --as, and no --wallet")
    }
    return ActingWallet(address, program: signer)
  }
}

/// What commands of a user work with.
struct UserContext: Sendable {
  let home: HomeFolder
  let network: LocalNetwork
  let client: QuorateClient

  init(home: HomeFolder, network: LocalNetwork) {
    self.home = home
    self.network = network
    client = network.client(home)
  }

  init(_ common: CommonOptions, _ options: NetworkOptions, _ console: Console) async throws(CommandFailure) {
    let home = common.homeFolder
    self.init(home: home, network: try await options.open(home))
    network.warn(console)
  }

  var names: KeyNames { KeyNames(home: home, network: network.id) }
  var sessions: Sessions { Sessions(home: home, clock: SystemClock()) }
}
