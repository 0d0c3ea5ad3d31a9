import ArgumentParser
import ChainRegistry
import EthereumChain
import Identifiers
import Membership

struct KeyCollectCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Have the deposits of revoked keys paid out, where the registry is on a chain.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var signer: SigningWalletOptions
  @OptionGroup var transaction: TransactionOptions

  @Option(help: "To whom; left out: to the wallet itself.")
  var to: String?

  func run(_ console: Console) async throws {
    let home = common.homeFolder
    let network = try await networkOptions.open(home)
    network.warn(console)
    let chain = try network.requireChain(advice: "keys in a file cost nothing")
    let who = try transaction.signer { () throws(CommandFailure) in try signer.open(home) }
    let recipient = try to.map { (text) throws(CommandFailure) in try WalletText.address(text) } ?? who.address
    let order = try chain.order(transaction) { (orders) throws(ABIError) in try orders.collect(to: recipient) }
    let submission = Submission(chain: chain, options: transaction, console: console)
    let outcome = try await submission.submit(order, by: who, for: "Collect the deposits of entries that are gone.")
    submission.report(outcome) { _, _ in "Done." }
  }
}
