import ActionNames
import ArgumentParser
import Identifiers
import Wire

struct ActionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "action", abstract: "Programs that a quorum runs.", subcommands: [ID.self])

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
}
