public import ArgumentParser
import Foundation

/// The command line of Quorate.
public struct QuorateCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "quorate",
    abstract: "A network of nodes that together hold keys no single one of them has.",
    version: "0.1.0",
    subcommands: [
      DemoCommand.self, DevnetCommand.self, NodeCommand.self, NetworkCommand.self, StakeCommand.self, VoteCommand.self,
      WalletCommand.self, KeyCommand.self,
      SignCommand.self, VerifyCommand.self, EncryptCommand.self, DecryptCommand.self, RunCommand.self,
      ActionCommand.self, EvidenceCommand.self, PolicyCommand.self, DoctorCommand.self,
    ])

  public init() {}

  /// Parses, runs and ends the process.
  public static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let isJSON = arguments.contains("--json")
      let failure: CommandFailure
      if !isAboutArguments(error) {
        failure = CommandFailure(error)
      } else if isJSON, exitCode(for: error) == .validationFailure {
        failure = CommandFailure(.badInput, message(for: error))
      } else {
        exit(withError: error)
      }
      Console(format: isJSON ? .json : .text).report(failure)
      Foundation.exit(failure.exitCode)
    }
  }

  /// Help, versions, usage errors and plain exit codes are the parser's to show.
  private static func isAboutArguments(_ error: any Error) -> Bool {
    error is ExitCode || error is CleanExit || error is ValidationError || exitCode(for: error) != .failure
  }
}
