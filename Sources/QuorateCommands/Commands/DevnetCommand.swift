import ArgumentParser

struct DevnetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devnet", abstract: "A network on this machine, for development. Not a TEE: nothing here is safe.",
    subcommands: [
      DevnetInitCommand.self, DevnetUpCommand.self, DevnetDownCommand.self, DevnetStatusCommand.self,
      DevnetFundCommand.self,
    ])
}

struct DevnetFolder: ParsableArguments, Sendable {
  @Argument(help: "The development network's folder.")
  var folder: String

  var layout: DevnetLayout { DevnetLayout(folder: folder) }
}
