import ArgumentParser

/// What every command understands.
struct CommonOptions: ParsableArguments, Sendable {
  @Flag(help: "Write JSON lines to standard output, for scripts.")
  var json = false

  @Option(help: "Folder with your wallets and settings. (default: $QUORATE_HOME or ~/.quorate)")
  var home: String?

  var homeFolder: HomeFolder { HomeFolder(option: home) }
}

/// A command that speaks through a console; failures it throws are shown in the one common form.
protocol ConsoleCommand: AsyncParsableCommand, Sendable {
  var common: CommonOptions { get }
  func run(_ console: Console) async throws
}

extension ConsoleCommand {
  func run() async throws {
    let command = self
    let console = Console(format: common.json ? .json : .text)
    try await Interruption.cancellable { try await command.run(console) }
  }
}
