import ActionNames
import ArgumentParser
import Client
import Identifiers
import PublicKeys
import Wire

struct ActionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "action", abstract: "Programs that a quorum runs.", subcommands: [ID.self, Key.self])

  struct ID: ConsoleCommand {
    static let configuration = CommandConfiguration(
      commandName: "id", abstract: "Show an action's id: what IPFS calls a file with the same bytes (CIDv0).",
      discussion: "Keys and policies name actions by it. Whoever changes a byte of the code has another action.")
    @OptionGroup var common: CommonOptions

    @Argument(help: "The JavaScript file; - is standard input.")
    var file: String

    func run(_ console: Console) async throws {
      let action = ActionID(of: try ActionFile.code(file))
      console.result(.object([JSONMember("action", .string(action.text))])) { action.text }
    }
  }

  struct Key: ConsoleCommand {
    static let configuration = CommandConfiguration(
      commandName: "key", abstract: "Show the public key of an action's own key.",
      discussion: "The action signs with it by Lit.Actions.signAsAction, and nobody else does.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions

    @Argument(help: "The action's id.")
    var action: String

    @Option(help: "The scheme: \(SigningScheme.allCases.map(\.rawValue).joined(separator: ", ")).")
    var scheme: SigningScheme = .ed25519

    func run(_ console: Console) async throws {
      let action = try ActionFile.id(action)
      let user = try await UserContext(common, networkOptions, console)
      let key = try await user.client.publicKey(of: action, purpose: scheme.purpose)
      await user.client.close()
      let members = [
        JSONMember("action", .string(action.text)), JSONMember("scheme", .string(scheme.rawValue)),
        JSONMember("publicKey", .string(Hex.encode(key.bytes))),
      ]
      console.result(.object(members)) { Hex.encode(key.bytes) }
    }
  }
}
