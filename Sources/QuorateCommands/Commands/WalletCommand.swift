import ArgumentParser
import Identifiers
import Signatures
import Wire

struct WalletCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wallet", abstract: "The wallets you act as.",
    subcommands: [Create.self, List.self, EndSessionsCommand.self])

  struct Create: ConsoleCommand {
    static let configuration = CommandConfiguration(abstract: "Make a new wallet, kept in a file only you may read.")
    @OptionGroup var common: CommonOptions

    @Option(help: "What to call it.")
    var name = Wallets.standardName

    func run(_ console: Console) async throws {
      let wallet = try Wallets(home: common.homeFolder).create(name)
      console.result(wallet.json) { "\(wallet.name)  \(wallet.key.address.checksumText)" }
    }
  }

  struct List: ConsoleCommand {
    static let configuration = CommandConfiguration(abstract: "List your wallets.")
    @OptionGroup var common: CommonOptions

    func run(_ console: Console) async throws {
      let wallets = try Wallets(home: common.homeFolder).all()
      console.result(.object([JSONMember("wallets", .array(wallets.map(\.json)))])) {
        wallets.isEmpty
          ? "no wallets in \(common.homeFolder.path); make one: quorate wallet create"
          : Columns.lines(wallets.map { [$0.name, $0.key.address.checksumText] }).joined(separator: "\n")
      }
    }
  }
}

extension Wallets.Named {
  var json: JSONValue {
    .object([JSONMember("name", .string(name)), JSONMember("address", .text(key.address))])
  }
}
