import ActionNames
import ArgumentParser
import Authorization
import Client
import Foundation
import Identifiers
import Signatures
import Wire

struct EncryptCommand: ConsoleCommand {
  static let fileExtension = ".quorate"

  static let configuration = CommandConfiguration(
    commandName: "encrypt", abstract: "Encrypt a file so that only wallets and actions you name can have it opened.",
    discussion: """
      No node is asked; what is encrypted under the network's key needs a quorum to be opened. Whoever once got a file \
      opened can open it for ever: taking a wallet off a policy later does not change files that exist.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions

  @Argument(help: "The file; - is standard input.")
  var file: String

  @Option(help: "Address of a wallet that may open it; may be repeated. (default: your own wallet)")
  var to: [String] = []

  @Option(help: "Id of an action that may open it, whoever runs it; may be repeated.")
  var action: [String] = []

  @Option(help: "Your wallet, by its name, when neither --to nor --action is given.")
  var wallet: String?

  @Option(help: "Where to write. (default: the file's name with \(fileExtension))")
  var out: String?

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    var wallets = try Set(to.map { (text) throws(CommandFailure) in try WalletText.address(text) })
    let actions = try Set(action.map { (text) throws(CommandFailure) in try ActionFile.id(text) })
    if wallets.isEmpty, actions.isEmpty { wallets = [try Wallets(home: user.home).open(wallet).key.address] }
    let policy = try DecryptionPolicy(anyOf: wallets, orActions: actions)
    guard let destination = out ?? (file == "-" ? nil : file + Self.fileExtension) else {
      throw CommandFailure(.badInput, "there is no name to write to", advice: "give one with --out")
    }
    let written = try await FileEncryption(client: user.client, console: console)
      .encrypt(file, for: policy, to: destination)
    await user.client.close()
    console.result(
      .object([
        JSONMember("file", .string(destination)), JSONMember("bytes", JSONValue(written)),
        JSONMember("wallets", .array(wallets.sorted().map { .text($0) })),
        JSONMember("actions", .array(actions.sorted().map { .string($0.text) })),
        JSONMember("policy", .text(policy.hash)), JSONMember("network", .text(user.network.id)),
      ])
    ) {
      let names = (wallets.sorted().map(\.checksumText) + actions.sorted().map(\.text)).joined(separator: ", ")
      return "\(destination)  \(ByteCount.text(written))\nopens for \(names)"
    }
  }
}
