import ArgumentParser
import Authorization
import Client
import Foundation
import Identifiers
import Wire

struct DecryptCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "decrypt", abstract: "Decrypt a file with the help of a quorum.",
    discussion: "The file appears under its name only when all of it was verified. An existing file is never replaced.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var walletOptions: WalletOptions

  @Argument(help: "The encrypted file; - is standard input.")
  var file: String

  @Option(help: "Where to write. (default: the file's name without \(EncryptCommand.fileExtension))")
  var out: String?

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let wallet = try walletOptions.acting(user.home)
    let ending = EncryptCommand.fileExtension
    guard let destination = out ?? (file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : nil) else {
      throw CommandFailure(.badInput, "there is no name to write to", advice: "give one with --out")
    }
    let written = try await FileDecryption(client: user.client, console: console)
      .decrypt(file, to: destination) { policy in
        try await user.sessions.session(
          for: [.decrypt(under: policy)], of: wallet, in: user.network.founding, fresh: walletOptions.freshSession)
      }
    await user.client.close()
    console.result(.object([JSONMember("file", .string(destination)), JSONMember("bytes", JSONValue(written))])) {
      "\(destination)  \(ByteCount.text(written))"
    }
  }
}
