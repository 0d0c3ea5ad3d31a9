import ArgumentParser
import EthereumRPC
import Identifiers
import Signatures
import SigningContent
import Wire

struct DevnetFundCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "fund", abstract: "Give a wallet money on the chain of a development network, to pay for keys.",
    discussion: "The money is worth nothing. It comes from the first staker.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: DevnetFolder

  @Argument(help: "The wallet's address.")
  var wallet: String

  @Option(help: "How much.")
  var amount = "1eth"

  func run(_ console: Console) async throws {
    let address = try WalletText.address(wallet)
    let value = try CoinAmount.ether(amount)
    try place.layout.requireChain(wanted: true)
    let network = try await LocalNetwork(file: place.layout.registry)
    network.warn(console)
    let chain = try network.requireChain(advice: "wallets need no money there")
    let payer = try WalletFile.read(place.layout.stakerWallet(1))
    let order = TransactionOrder(to: address, value: value, maximumFee: DevnetChainFounder.maximumFee)
    _ = try await chain.settle(try await chain.send([(payer, order)]))
    console.result(
      .object([JSONMember("wallet", .text(address)), JSONMember("amount", .string(value.decimal))])
    ) { "\(address.checksumText) has \(value.decimal(inUnitsOf: 18)) ether more" }
  }
}
