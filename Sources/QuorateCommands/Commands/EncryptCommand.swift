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
    commandName: "encrypt", abstract: "Encrypt a file so that only wallets you name can have the network open it.",
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

  @Option(help: "Your wallet, by its name, when --to is not given.")
  var wallet: String?

  @Option(help: "Where to write. (default: the file's name with \(fileExtension))")
  var out: String?

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    var wallets = try Set(to.map { (text) throws(CommandFailure) in try WalletText.address(text) })
    if wallets.isEmpty { wallets = [try Wallets(home: user.home).open(wallet).key.address] }
    let policy = try DecryptionPolicy(anyOf: wallets)
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
        JSONMember("policy", .text(policy.hash)), JSONMember("network", .text(user.network.id)),
      ])
    ) {
      let names = wallets.sorted().map(\.checksumText).joined(separator: ", ")
      return "\(destination)  \(ByteCount.text(written))\nopens for \(names)"
    }
  }
}
