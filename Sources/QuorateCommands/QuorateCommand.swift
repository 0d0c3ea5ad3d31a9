public import ArgumentParser
import Foundation

/// The command line of Quorate.
public struct QuorateCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "quorate",
    abstract: "A network of nodes that together hold keys no single one of them has.",
    version: "0.1.0",
    subcommands: [DoctorCommand.self])

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
    } catch let failure as CommandFailure {
      Console(format: arguments.contains("--json") ? .json : .text).report(failure)
      Foundation.exit(failure.exitCode)
    } catch {
      exit(withError: error)
    }
  }
}
